package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedVersion;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.Submission;
import hydrocell.cell.message.ToExecutor;
import hydrocell.cell.wire.RecordCodec;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ValueCollectorTest {
  private static final byte[] SECRET = {7};
  private static final Name X = Name.variable("x");

  @TempDir Path temp;
  private StorageNode node;
  private AnnaClient anna;
  private final SessionKeys keys = new SessionKeys("s", 1);
  private List<ClassRef> classes = List.of();
  private VersionVector frontier = VersionVector.EMPTY;
  private Entry last;

  @BeforeEach
  void start() throws Exception {
    node =
        StorageNode.start(
            StorageConfig.local(
                temp.resolve("anna"), Endpoint.unix(temp.resolve("a.sock")), SECRET));
    anna = NodeClient.connect(node.endpoint(), "test", SECRET);
  }

  @AfterEach
  void stop() throws Exception {
    anna.close();
    node.close();
  }

  private Key put(SessionKeys in, Stamp stamp) throws Exception {
    Key key = in.value(stamp, 0);
    anna.putValue(key, List.of(ByteBuffer.wrap(new byte[] {1})), Durability.LOG).get();
    return key;
  }

  /** Commits a new value of x. */
  private Key commit(SessionKeys in, long counter) throws Exception {
    Stamp stamp = new Stamp(counter, "w", 0);
    Key key = put(in, stamp);
    Symbol symbol =
        new Symbol(
            X,
            "cell.x$0",
            "int",
            "I",
            List.of("int x;"),
            List.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            Set.of(),
            null,
            List.of());
    Entry entry =
        new Entry(
            symbol,
            stamp,
            1,
            Entry.State.READY,
            "",
            key.text(),
            "h",
            1,
            "int",
            Set.of(),
            classes,
            "",
            "");
    Commit commit =
        new Commit(
            stamp,
            frontier,
            1,
            Commit.Ending.RETURNED,
            List.of(entry),
            List.of(),
            last == null ? List.of() : List.of(last));
    anna.merge(in.manifest(), commit.delta(), Durability.LOG).get();
    frontier = frontier.with(stamp);
    last = entry;
    return key;
  }

  private boolean exists(Key key) throws Exception {
    return anna.readValue(key).get() != null;
  }

  @Test
  void whatAKeptCommitReplacedStaysAndWhatIsOlderGoes() throws Exception {
    Key first = commit(keys, 1);
    for (int i = 2; i <= Commit.COMMITS_KEPT + 1; i++) {
      commit(keys, i);
    }
    Key second = Key.of("session", "s", "v", "1", "2.w.0", "0");
    assertNotNull(anna.readValue(first).get());
    commit(keys, Commit.COMMITS_KEPT + 2);
    commit(keys, Commit.COMMITS_KEPT + 3);

    new ValueCollector(anna).collect();

    assertNull(anna.readValue(first).get());
    assertEquals(false, exists(second));
    Key newest = keys.value(new Stamp(Commit.COMMITS_KEPT + 3, "w", 0), 0);
    assertEquals(true, exists(newest));
    assertEquals(true, exists(keys.value(new Stamp(Commit.COMMITS_KEPT + 2, "w", 0), 0)));
  }

  @Test
  void aValueWhoseCommitIsOnItsWayStaysAndOneThatNeverLandedGoes() throws Exception {
    commit(keys, 1);
    Key failed = put(keys, new Stamp(2, "w", 0));
    Key onItsWay = put(keys, new Stamp(4, "w", 0));
    Key ofAnother = put(keys, new Stamp(2, "other", 0));

    assertEquals(0, new ValueCollector(anna).collect());
    commit(keys, 3);
    assertEquals(1, new ValueCollector(anna).collect());

    assertEquals(false, exists(failed));
    assertEquals(true, exists(onItsWay));
    assertEquals(true, exists(ofAnother));
  }

  @Test
  void earlierEpochsStayAsLongAsTheyCanBeRestored() throws Exception {
    Key old = commit(keys, 1);
    for (int epoch = 2; epoch <= ValueCollector.EPOCHS_KEPT; epoch++) {
      last = null;
      commit(new SessionKeys("s", epoch), epoch);
    }
    new ValueCollector(anna).collect();
    assertEquals(true, exists(old));

    last = null;
    commit(new SessionKeys("s", ValueCollector.EPOCHS_KEPT + 1), 40);
    new ValueCollector(anna).collect();

    assertEquals(false, exists(old));
    assertNull(anna.get(keys.manifest()).get().lattice());
  }

  /** What the host would say of its leases. */
  private record Leases(boolean none, boolean noneSince) implements QuietCollector.Quiet {
    @Override
    public boolean begin() {
      return none;
    }

    @Override
    public boolean end(Runnable deletion) {
      if (noneSince) {
        deletion.run();
      }
      return noneSince;
    }
  }

  private int collectQuietly(Leases leases, long day) throws Exception {
    Instant now = Instant.EPOCH.plus(Duration.ofDays(day));
    return new QuietCollector(anna, leases, () -> now).collect();
  }

  private Key classFile(String sha256) throws Exception {
    Key key = SessionKeys.classFile(sha256);
    anna.putValue(key, List.of(ByteBuffer.wrap(new byte[] {2})), Durability.LOG).get();
    return key;
  }

  @Test
  void aClassFileGoesWhenNoKeptEntryNeedsItAndNobodyWorks() throws Exception {
    Key needed = classFile("needed");
    Key unneeded = classFile("unneeded");
    classes = List.of(new ClassRef("cell.A", "needed"));
    commit(keys, 1);

    assertEquals(0, collectQuietly(new Leases(false, true), 1));
    assertEquals(0, collectQuietly(new Leases(true, false), 1));
    assertEquals(true, exists(unneeded));
    assertEquals(1, collectQuietly(new Leases(true, true), 1));
    assertEquals(false, exists(unneeded));
    assertEquals(true, exists(needed));

    classes = List.of();
    for (int i = 2; i <= Commit.COMMITS_KEPT + 2; i++) {
      commit(keys, i);
    }
    assertEquals(1, collectQuietly(new Leases(true, true), 1));
    assertEquals(false, exists(needed));
  }

  @Test
  void whatAnAsynchronousCellRunsOnStaysUntilItHasEnded() throws Exception {
    Key needed = classFile("needed");
    classes = List.of(new ClassRef("cell.A", "needed"));
    Key input = commit(keys, 1);
    Stamp stamp = new Stamp(2, "w", 1);
    ToExecutor.Execute execute =
        new ToExecutor.Execute(
            1,
            "cell [2]",
            "",
            CellFunction.call(Set.of(X)),
            List.of(Objects.requireNonNull(last)),
            List.of(),
            stamp,
            frontier,
            1,
            2,
            new ToExecutor.Options(false, false, true, 1_000),
            List.of(),
            "",
            null,
            new ToExecutor.Asynchronous(List.of(), SessionKeys.jobId(stamp)));
    byte[] submission = RecordCodec.encode(new Submission(execute, false, "{}", 0));
    anna.merge(keys.job(stamp), new LwwRegister(stamp, submission), Durability.LOG).get();
    classes = List.of();
    for (int i = 3; i <= Commit.COMMITS_KEPT + 4; i++) {
      commit(keys, i);
    }

    new ValueCollector(anna).collect();
    assertEquals(0, collectQuietly(new Leases(true, true), 1));
    assertEquals(true, exists(input));
    assertEquals(true, exists(needed));

    anna.delete(List.of(keys.job(stamp))).get();
    new ValueCollector(anna).collect();
    assertEquals(1, collectQuietly(new Leases(true, true), 1));
    assertEquals(false, exists(input));
    assertEquals(false, exists(needed));
  }

  @Test
  void aSessionWithoutAPathGoesSomeDaysAfterItsLastCell() throws Exception {
    SessionKeys withoutPath = new SessionKeys(SessionKeys.privateId("x"), 1);
    for (SessionKeys each : List.of(keys, withoutPath)) {
      MapLattice used = MapLattice.of(Map.of(SessionKeys.LAST_USED_DAY, new MaxLattice(100)));
      anna.merge(each.session(), used, Durability.LOG).get();
      last = null;
      commit(each, 1);
    }
    long keptDays = QuietCollector.PRIVATE_SESSION_KEPT.toDays();

    assertEquals(0, collectQuietly(new Leases(true, true), 100 + keptDays));
    assertEquals(3, collectQuietly(new Leases(true, true), 101 + keptDays));

    assertNull(anna.get(withoutPath.session()).get().lattice());
    assertNull(anna.get(withoutPath.manifest()).get().lattice());
    assertNotNull(anna.get(keys.manifest()).get().lattice());
  }

  @Test
  void theValuesOfASharedNotebookGoWhenItIsSharedAnew() throws Exception {
    commit(keys, 1);
    SharedName name = new SharedName("me", "n.ipynb");
    List<Key> values = new ArrayList<>();
    VersionVector base = VersionVector.EMPTY;
    for (int i = 1; i <= 2; i++) {
      Stamp stamp = new Stamp(i, "n", 0);
      Key value = name.value(stamp, 0);
      values.add(value);
      anna.putValue(value, List.of(ByteBuffer.wrap(new byte[] {1})), Durability.LOG).get();
      new ValueCollector(anna).collect();
      assertNotNull(anna.readValue(value).get(), "it is about to be shared");
      Entry marker = Entry.definition(Symbol.plain(SharedVersion.NOTEBOOK, "fork"), stamp, 1);
      List<Entry> names = List.of(last.valueAt(value.text()));
      SharedVersion version =
          new SharedVersion(marker, names, "me", "n", "s", 0, base, List.of(), 0);
      anna.merge(name.versions(), version.write(), Durability.LOG).get();
      base = base.with(stamp);
      new ValueCollector(anna).collect();
      assertNotNull(anna.readValue(value).get(), "it is shared");
    }
    assertNull(anna.readValue(values.getFirst()).get(), "it is shared anew");
  }

  @Test
  void whatIsSharedStaysWhileItIsAndWithThoseWhoTookItOver() throws Exception {
    commit(keys, 1);
    SharedName name = new SharedName("me", "x");
    Key value = name.value(last.stamp());
    anna.putValue(value, List.of(ByteBuffer.wrap(new byte[] {1})), Durability.LOG).get();
    new ValueCollector(anna).collect();
    assertNotNull(anna.readValue(value).get(), "it is about to be shared");
    Entry written = last.valueAt(value.text());
    SharedVersion version =
        new SharedVersion(written, List.of(), "me", "n", "s", 0, VersionVector.EMPTY, List.of(), 0);
    anna.merge(name.versions(), version.write(), Durability.LOG).get();
    new ValueCollector(anna).collect();
    assertNotNull(anna.readValue(value).get(), "it is shared");

    SessionKeys other = new SessionKeys("other", 1);
    Stamp theirs = new Stamp(1, "o", 0);
    Commit taken =
        new Commit(
            theirs,
            VersionVector.EMPTY,
            1,
            Commit.Ending.WIDGETS,
            List.of(written.at(theirs, 1)),
            List.of(),
            List.of());
    anna.merge(other.manifest(), taken.delta(), Durability.LOG).get();
    CausalRegister unshared =
        CausalRegister.remove(new Stamp(99, "w", 0), VersionVector.EMPTY.with(written.stamp()));
    anna.merge(name.versions(), unshared, Durability.LOG).get();
    new ValueCollector(anna).collect();
    assertNotNull(anna.readValue(value).get(), "another session uses it");

    Stamp later = new Stamp(2, "o", 0);
    Commit removed =
        new Commit(
            later,
            VersionVector.EMPTY.with(theirs),
            2,
            Commit.Ending.WIDGETS,
            List.of(),
            List.of(X),
            List.of());
    anna.merge(other.manifest(), removed.delta(), Durability.LOG).get();
    new ValueCollector(anna).collect();
    assertNull(anna.readValue(value).get(), "nobody uses it");
  }
}
