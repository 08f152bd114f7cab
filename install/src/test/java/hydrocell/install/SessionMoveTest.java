package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.ValueReader;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SessionPlace;
import hydrocell.cell.SessionPlace.State;
import hydrocell.cell.Symbol;
import hydrocell.kernel.Hashes;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session on its way between two real stores, and movers that are killed at every step. */
class SessionMoveTest {
  private static final byte[] SECRET = {7};
  private static final String PATH = "/home/one/book.ipynb";
  private static final SessionKeys KEYS = new SessionKeys("n-one", 2);
  private static final byte[] LARGE = new byte[3 << 20];
  private static final String CLASS_HASH = "c".repeat(64);
  private static final Set<String> WRITES = Set.of("merge", "delete", "writeValue");

  @TempDir Path temp;
  private StorageNode nodeA;
  private StorageNode nodeB;
  private NodeClient a;
  private NodeClient b;
  private long counter;

  @BeforeEach
  void start() throws IOException {
    Arrays.fill(LARGE, (byte) 5);
    nodeA = node("a");
    nodeB = node("b");
    a = NodeClient.connect(nodeA.endpoint(), "test", SECRET);
    b = NodeClient.connect(nodeB.endpoint(), "test", SECRET);
  }

  private StorageNode node(String name) throws IOException {
    Endpoint endpoint = Endpoint.unix(temp.resolve(name + ".sock"));
    return StorageNode.start(StorageConfig.local(temp.resolve(name), endpoint, SECRET));
  }

  @AfterEach
  void stop() throws IOException {
    a.close();
    b.close();
    nodeA.close();
    nodeB.close();
  }

  private static SessionMove.Place own(AnnaClient anna) {
    return new SessionMove.Place(anna, "one", "the own store");
  }

  private static SessionMove.Place shared(AnnaClient anna) {
    return new SessionMove.Place(anna, "one@work", "the shared store");
  }

  private static Key path(String owner) {
    return SessionKeys.path(
        Hashes.sha256(owner).substring(0, 24), Hashes.sha256(PATH).substring(0, 24));
  }

  /** As a kernel writes it: a record, a path, a page of history, a commit with two values. */
  private void session(AnnaClient anna) {
    merge(anna, KEYS.session(), MapLattice.of(Map.of("epoch", new MaxLattice(2))));
    LwwRegister id =
        new LwwRegister(
            new Stamp(1, "first", 0), KEYS.sessionId().getBytes(StandardCharsets.UTF_8));
    merge(anna, path("one"), id);
    merge(anna, KEYS.history(0), MapLattice.of(Map.of("000001", new MaxLattice(1))));
    anna.putWhole(SessionKeys.classFile(CLASS_HASH), new byte[] {1, 2}, Durability.LOG).join();
    commit(anna, "x", "small".getBytes(StandardCharsets.UTF_8));
    commit(anna, "big", LARGE);
  }

  private static void merge(AnnaClient anna, Key key, Lattice lattice) {
    anna.merge(key, lattice, Durability.LOG).join();
  }

  private void commit(AnnaClient anna, String name, byte[] value) {
    Stamp stamp = new Stamp(++counter, "w", 0);
    Key key = KEYS.value(stamp, 0);
    anna.putValue(key, List.of(ByteBuffer.wrap(value)), Durability.LOG).join();
    Entry entry =
        new Entry(
            Symbol.plain(Name.variable(name), "byte[]"),
            stamp,
            (int) counter,
            Entry.State.READY,
            "",
            key.text(),
            "hash",
            value.length,
            "byte[]",
            Set.of(),
            List.of(new ClassRef("Some", CLASS_HASH)),
            "",
            "");
    Commit commit =
        new Commit(
            stamp,
            VersionVector.EMPTY.with(new Stamp(counter - 1, "w", 0)),
            (int) counter,
            Commit.Ending.RETURNED,
            List.of(entry),
            List.of(),
            List.of());
    anna.merge(KEYS.manifest(), commit.delta(), Durability.LOG, Commit.guard("w", fence)).join();
  }

  private long fence;

  private static byte[] value(AnnaClient anna, String name) throws IOException {
    Manifest manifest = Manifest.of(anna.get(KEYS.manifest()).join().lattice());
    Entry entry = manifest.get(Name.variable(name));
    assertNotNull(entry, name);
    try (ValueReader reader = anna.readValue(new Key(String.valueOf(entry.valueKey()))).join()) {
      assertNotNull(reader, name);
      return reader.readAll();
    }
  }

  private static void assertWhole(AnnaClient anna) throws IOException {
    assertEquals("small", new String(value(anna, "x"), StandardCharsets.UTF_8));
    assertArrayEquals(LARGE, value(anna, "big"));
    assertNotNull(anna.get(KEYS.history(0)).join().lattice());
    assertNotNull(anna.get(SessionKeys.classFile(CLASS_HASH)).join().lattice());
    MapLattice record = (MapLattice) anna.get(KEYS.session()).join().lattice();
    assertNotNull(record);
    assertEquals(new MaxLattice(2), record.field("epoch"));
    Manifest manifest = Manifest.of(anna.get(KEYS.manifest()).join().lattice());
    assertTrue(manifest.traces().size() >= 2);
  }

  private static State state(AnnaClient anna) {
    return SessionPlace.of(anna.get(KEYS.session()).join().lattice()).state();
  }

  private static boolean isOpenable(AnnaClient anna, String owner) {
    return anna.get(path(owner)).join().lattice() != null
        && anna.get(KEYS.session()).join().lattice() != null
        && state(anna) == State.HERE;
  }

  @Test
  void itGoesWithEverythingAndComesBackWithMore() throws IOException {
    session(a);

    SessionMove.Moved moved = SessionMove.of(own(a), shared(b), PATH).run(false);

    assertEquals(new SessionMove.Moved(2, 2), moved);
    assertWhole(b);
    assertTrue(isOpenable(b, "one@work"));
    assertEquals(State.GONE, state(a));
    assertEquals(List.of(KEYS.manifest()), a.scan("session/n-one/", null, 10).join().keys());
    // Whoever has it open at the old place can write there no more.
    assertThrows(RuntimeException.class, () -> commit(a, "late", new byte[1]));

    fence = 1;
    commit(b, "y", new byte[] {9});
    SessionMove.of(shared(b), own(a), PATH).run(false);
    assertWhole(a);
    assertArrayEquals(new byte[] {9}, value(a, "y"));
    assertTrue(isOpenable(a, "one"));
    assertEquals(State.GONE, state(b));
    SessionMove.of(own(a), shared(b), PATH).run(false);
    assertWhole(b);
  }

  @Test
  void whoeverKillsTheMoverItIsInOnePlace() throws IOException {
    session(a);
    boolean there = true;
    int kills = 0;
    for (int step = 1; step < 60; step++) {
      AnnaClient from = there ? a : b;
      AnnaClient to = there ? b : a;
      int[] left = {step};
      AnnaClient dyingA = dying(a, left);
      AnnaClient dyingB = dying(b, left);
      try {
        move(dyingA, dyingB, there).run(false);
        if (left[0] > 0) {
          break;
        }
      } catch (IOException | AnnaException e) {
        kills++;
      }
      boolean isThere = isOpenable(to, there ? "one@work" : "one");
      boolean isHere = isOpenable(from, there ? "one" : "one@work");
      SessionMove next = move(a, b, there);
      assertFalse(isThere && isHere, "in both after step " + step);
      assertTrue(isThere || isHere || next.isUnderWay(), "in neither after step " + step);
      if (isHere) {
        assertWhole(from);
        if (step % 2 == 0) {
          // Who gives it up goes on where it was, and finds nothing at the other place.
          if (next.cancel()) {
            assertNull(to.get(path(there ? "one@work" : "one")).join().lattice());
          }
        }
        if (step % 5 == 0) {
          fence = 9_999;
          commit(from, "step", new byte[] {(byte) step});
        }
        next = move(a, b, there);
      }
      if (!isThere) {
        next.run(false);
      }
      assertTrue(isOpenable(to, there ? "one@work" : "one"));
      assertFalse(isOpenable(from, there ? "one" : "one@work"));
      assertWhole(to);
      if (isHere && step % 5 == 0) {
        assertArrayEquals(new byte[] {(byte) step}, value(to, "step"));
      }
      there = !there;
    }
    assertTrue(kills > 10, kills + " kills");
  }

  @Test
  void whatAKilledMoverLeftGoesOnlyWhereTheSessionHasArrived() throws IOException {
    session(a);
    SessionMove.of(own(a), shared(b), PATH).run(false);
    Lattice record = b.get(KEYS.session()).join().lattice();
    assertNotNull(record);
    Key left = KEYS.value(new Stamp(99, "w", 0), 0);
    a.putValue(left, List.of(ByteBuffer.wrap(LARGE)), Durability.LOG).join();

    // As a third store, which never had the session.
    b.delete(List.of(KEYS.session())).join();
    assertThrows(IOException.class, () -> SessionMove.of(own(a), shared(b), PATH).run(false));
    assertFalse(SessionMove.of(own(a), shared(b), PATH).cancel());
    assertNotNull(a.get(left).join().lattice());

    merge(b, KEYS.session(), record);
    assertFalse(SessionMove.of(own(a), shared(b), PATH).cancel());
    assertNull(a.get(left).join().lattice());
    assertWhole(b);
  }

  private static SessionMove move(AnnaClient ownStore, AnnaClient sharedStore, boolean there)
      throws IOException {
    return there
        ? SessionMove.of(own(ownStore), shared(sharedStore), PATH)
        : SessionMove.of(shared(sharedStore), own(ownStore), PATH);
  }

  /** A client of a process that is killed before its n-th write. */
  private static AnnaClient dying(AnnaClient anna, int[] writesLeft) {
    return (AnnaClient)
        Proxy.newProxyInstance(
            AnnaClient.class.getClassLoader(),
            new Class<?>[] {AnnaClient.class},
            (proxy, method, arguments) -> {
              if (WRITES.contains(method.getName()) && --writesLeft[0] <= 0) {
                AnnaException killed =
                    new AnnaException(AnnaException.Reason.UNAVAILABLE, "killed");
                if (method.getReturnType() == CompletableFuture.class) {
                  return CompletableFuture.failedFuture(killed);
                }
                throw killed;
              }
              try {
                return method.invoke(anna, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  @Test
  void aSessionThatIsThereAlreadyGoesOnlyWhenToldTo() throws IOException {
    session(a);
    merge(b, KEYS.session(), MapLattice.of(Map.of("epoch", new MaxLattice(7))));
    LwwRegister id =
        new LwwRegister(
            new Stamp(1, "first", 0), KEYS.sessionId().getBytes(StandardCharsets.UTF_8));
    merge(b, path("one@work"), id);
    merge(b, new SessionKeys("n-one", 7).manifest(), MapLattice.of(Map.of("q", new MaxLattice(1))));

    IOException refused =
        assertThrows(IOException.class, () -> SessionMove.of(own(a), shared(b), PATH).run(false));
    assertTrue(String.valueOf(refused.getMessage()).contains("--replace"), refused.getMessage());
    assertTrue(isOpenable(a, "one"));

    SessionMove.of(own(a), shared(b), PATH).run(true);
    assertWhole(b);
    assertNull(b.get(new SessionKeys("n-one", 7).manifest()).join().lattice());
  }

  @Test
  void whatCannotGoSaysWhy() throws IOException {
    IOException none =
        assertThrows(IOException.class, () -> SessionMove.of(own(a), shared(b), PATH));
    assertTrue(String.valueOf(none.getMessage()).contains("has nothing of"), none.getMessage());
    session(a);
    LwwRegister opened =
        new LwwRegister(
            new Stamp(2, "opened", 0), "open:two/n-two n-one".getBytes(StandardCharsets.UTF_8));
    merge(b, path("one@work"), opened);
    IOException elsewhere =
        assertThrows(IOException.class, () -> SessionMove.of(shared(b), own(a), PATH));
    assertTrue(String.valueOf(elsewhere.getMessage()).contains("%leave"), elsewhere.getMessage());
    b.delete(List.of(path("one@work"))).join();
    Key job = KEYS.job(new Stamp(3, "w", 0));
    merge(a, job, new LwwRegister(new Stamp(1, "w", 0), new byte[1]));
    IOException runs =
        assertThrows(IOException.class, () -> SessionMove.of(own(a), shared(b), PATH).run(false));
    assertTrue(String.valueOf(runs.getMessage()).contains("%wait"), runs.getMessage());
    assertTrue(isOpenable(a, "one"));
  }
}
