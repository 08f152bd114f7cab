package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
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
            null);
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
            List.of(),
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
    return anna.getValue(key).get() != null;
  }

  @Test
  void whatAKeptCommitReplacedStaysAndWhatIsOlderGoes() throws Exception {
    Key first = commit(keys, 1);
    for (int i = 2; i <= Commit.COMMITS_KEPT + 1; i++) {
      commit(keys, i);
    }
    Key second = Key.of("session", "s", "v", "1", "2.w.0", "0");
    assertNotNull(anna.getValue(first).get());
    commit(keys, Commit.COMMITS_KEPT + 2);
    commit(keys, Commit.COMMITS_KEPT + 3);

    new ValueCollector(anna).collect();

    assertNull(anna.getValue(first).get());
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
}
