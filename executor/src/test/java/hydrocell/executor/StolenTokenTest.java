package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUpdates;
import hydrocell.cell.message.HostReply;
import hydrocell.executor.run.TestNotebook;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What user code gains that got hold of all that its executor holds: nothing of other sessions. */
final class StolenTokenTest {
  private static final String WORD = "the victim's own word";

  @TempDir Path folder;
  private TestHost host;

  @BeforeEach
  void start() throws Exception {
    host = TestHost.start(folder, 1, 4, Duration.ofMinutes(10));
  }

  @AfterEach
  void stop() throws Exception {
    host.close();
  }

  private Entry victimsWord() throws Exception {
    try (TestNotebook victim = host.notebook("victim", host.kernel.lease("victim"))) {
      victim.run("String word = \"" + WORD + "\";");
      Entry entry = victim.manifest.get(Name.variable("word"));
      assertNotNull(entry.valueKey());
      return entry;
    }
  }

  /** A manifest is written by its own session's cells: its entries may name any key. */
  private static void forge(TestNotebook notebook, Entry entry) {
    Stamp stamp = new Stamp(1, "forger", 0);
    notebook.manifest.apply(
        new Commit(
            stamp,
            VersionVector.EMPTY,
            1,
            Commit.Ending.RETURNED,
            List.of(entry.at(stamp, 1)),
            List.of(),
            List.of()));
  }

  @Test
  void anEntryThatNamesAnotherSessionsValueReadsNothing() throws Exception {
    Entry word = victimsWord();
    HostReply.Leased lease = host.kernel.lease("thief");
    try (TestNotebook thief = host.notebook("thief", lease)) {
      forge(thief, word);
      TestNotebook.Ran ran = thief.run("word");
      assertFalse(ran.toString().contains(WORD), ran::toString);
      assertTrue(ran.outcome().toString().contains("may not"), ran::toString);
    }
  }

  /** That it is the token that holds the thief back. */
  @Test
  void withTheNodesSecretItWouldReadIt() throws Exception {
    Entry word = victimsWord();
    HostReply.Leased lease = host.kernel.lease("thief");
    try (TestNotebook thief =
        new TestNotebook("thief", host.anna.endpoint(), TestHost.ANNA_SECRET)) {
      thief.attach(lease.endpoint(), lease.token());
      forge(thief, word);
      assertTrue(thief.run("word").result().contains(WORD));
    }
  }

  @Test
  void aKernelMergesNothingForACellThatTheCellCouldNotMergeItself() throws Exception {
    Key victims = new SessionKeys("victim", 1).manifest();
    Key others = new SharedName("somebody", "sum").lattice();
    Key own = new SharedName("me", "sum").lattice();
    MapLattice change = MapLattice.of(Map.of("x", new MaxLattice(1)));
    SharedUpdates forged = SharedUpdates.of(Map.of(victims, change, others, change, own, change));
    Stamp stamp = new Stamp(1, "forger", 0);
    Commit commit =
        new Commit(
            stamp,
            VersionVector.EMPTY,
            1,
            Commit.Ending.RETURNED,
            List.of(forged.entry(SharedUpdates.NAME, stamp, 1)),
            List.of(),
            List.of());
    try (NodeClient kernel =
        NodeClient.connect(host.anna.endpoint(), "kernel", TestHost.ANNA_SECRET)) {
      SharedUpdates.publish(Manifest.of(commit.delta()), kernel, SharedName.prefixOf("me")).get();
      assertEquals(change, kernel.get(own).get().lattice());
      assertNull(kernel.get(others).get().lattice());
      assertNull(kernel.get(victims).get().lattice());
    }
  }

  /** Annotation processors run there. */
  @Test
  void aCompileServiceReadsClassFilesAndNothingElse() throws Exception {
    Key manifest = new SessionKeys("victim", 1).manifest();
    Key file = SessionKeys.classFile("00");
    byte[] token = CompileServiceProcess.CLASSES.token(TestHost.ANNA_SECRET);
    try (NodeClient service = NodeClient.connect(host.anna.endpoint(), "processor", token)) {
      assertNull(service.readValue(file).get());
      for (CompletableFuture<?> attack :
          List.of(
              service.get(manifest),
              service.scan("", null, 10),
              service.delete(List.of(file)),
              service.putWhole(file, new byte[1], Durability.LOG))) {
        assertThrows(ExecutionException.class, () -> attack.get(60, TimeUnit.SECONDS));
      }
    }
  }

  @Test
  void theHostTakesNoTokenOfTheNode() throws Exception {
    byte[] token = HexFormat.of().parseHex(host.kernel.lease("thief").annaToken());
    try (FrameConnection connection = FrameConnection.connect(host.host.endpoint())) {
      assertThrows(
          Handshake.RefusedException.class, () -> Handshake.open(connection, "kernel", token));
    }
  }
}
