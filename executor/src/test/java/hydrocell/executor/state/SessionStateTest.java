package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.ClassFile;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SessionStateTest {
  @TempDir Path folder;
  private Notebook notebook;

  @BeforeEach
  void open() throws Exception {
    notebook = new Notebook(folder);
  }

  @AfterEach
  void close() throws Exception {
    notebook.close();
  }

  @Test
  void variablesAreThereOnAFreshExecutor() throws Exception {
    notebook.let("int", "x", "7").let("String", "s", "\"text\"");
    notebook.let("List<String>", "list", "new ArrayList<>(List.of(\"a\", \"b\"))");
    notebook.onFreshExecutor();
    assertEquals(
        "7 text [a, b]", notebook.get("v(x) + \" \" + v(s) + \" \" + v(list)", "x", "s", "list"));
    assertEquals(3, notebook.meter.keysRead());
    assertNull(notebook.last.commit());
    assertEquals(0, notebook.meter.keysWritten());
  }

  @Test
  void valuesHereAreNotFetchedAgain() throws Exception {
    notebook.let("int[]", "a", "new int[] {1, 2, 3}").onFreshExecutor();
    notebook.get("v(a)[1]", "a");
    assertEquals(1, notebook.meter.keysRead());
    notebook.get("v(a)[2]", "a");
    assertEquals(0, notebook.meter.keysRead());
  }

  @Test
  void largeValuesTellHowFarTheyAre() throws Exception {
    Map<Traffic.Way, Long> expected = new EnumMap<>(Traffic.Way.class);
    Map<Traffic.Way, Long> moved = new EnumMap<>(Traffic.Way.class);
    notebook.watcher =
        new Traffic.Watcher() {
          @Override
          public void begins(Traffic.Way way, long bytes) {
            expected.merge(way, bytes, Long::sum);
          }

          @Override
          public void moved(Traffic.Way way, long bytes) {
            moved.merge(way, bytes, Long::sum);
          }
        };
    notebook.let("long[]", "a", "new java.util.Random(1).longs(2_000_000).toArray()");
    assertTrue(moved.getOrDefault(Traffic.Way.WRITTEN, 0L) > 16_000_000, moved::toString);
    notebook.onFreshExecutor().get("v(a)[1]", "a");
    assertTrue(moved.getOrDefault(Traffic.Way.READ, 0L) > 16_000_000, moved::toString);
    assertEquals(expected, moved);
  }

  @Test
  void aliasesStayAliasesAndComeApartWhenReassigned() throws Exception {
    notebook.let("List<Integer>", "a", "new ArrayList<>(List.of(1))");
    notebook.let("List<Integer>", "b", "v(a)", "a");
    assertEquals(notebook.entry("a").valueKey(), notebook.entry("b").valueKey());
    notebook.onFreshExecutor();
    notebook.ok(notebook.cells.cell().reads("a").run("v(a).add(2); return null;"));
    assertEquals("[1, 2]", String.valueOf(notebook.onFreshExecutor().get("v(b)", "b")));
    notebook.ok(
        notebook.cells.cell().writes("b").run("v(b) = new ArrayList<>(List.of(9)); return null;"));
    notebook.onFreshExecutor();
    notebook.ok(notebook.cells.cell().reads("a").run("v(a).add(3); return null;"));
    assertEquals("[9]", String.valueOf(notebook.onFreshExecutor().get("v(b)", "b")));
    assertEquals("[1, 2, 3]", String.valueOf(notebook.get("v(a)", "a")));
    assertTrue(!notebook.entry("a").valueKey().equals(notebook.entry("b").valueKey()));
  }

  @Test
  void sharingBetweenThreeNamesSurvives() throws Exception {
    notebook.let("List<Object>", "a", "new ArrayList<>()");
    notebook.let("List<Object>", "b", "new ArrayList<>(List.of(v(a)))", "a");
    notebook.let("Map<String, Object>", "c", "new HashMap<>(Map.of(\"k\", v(b)))", "b");
    notebook.onFreshExecutor();
    notebook.ok(notebook.cells.cell().reads("a").run("v(a).add(\"new\"); return null;"));
    assertEquals("{k=[[new]]}", String.valueOf(notebook.onFreshExecutor().get("v(c)", "c")));
  }

  @Test
  void onlyTheChangedGroupIsWritten() throws Exception {
    notebook.let("int[]", "a", "new int[1000]").let("int[]", "b", "new int[1000]");
    String before = notebook.entry("b").valueKey();
    notebook.ok(notebook.cells.cell().reads("a", "b").run("v(a)[0] = v(b)[0] + 1; return null;"));
    assertEquals(before, notebook.entry("b").valueKey());
    assertEquals(1, notebook.last.commit().entries().size());
  }

  @Test
  void typesRecordsEnumsAndStaticsSurvive() throws Exception {
    notebook.ok(
        notebook
            .cells
            .cell()
            .type("Point", "record Point(int x, double y, String name) { }", false));
    notebook.ok(
        notebook
            .cells
            .cell()
            .type("Counter", "class Counter { static int count; int id = ++count; }", true));
    notebook.let("Object", "p", "new t(Point)(1, 2.5, \"n\")");
    notebook.ok(
        notebook
            .cells
            .cell()
            .variable("Object", "c")
            .refers(Name.type("Counter"), Name.statics("Counter"))
            .run("v(c) = new t(Counter)(); new t(Counter)(); return null;"));
    notebook.onFreshExecutor();
    assertEquals("Point[x=1, y=2.5, name=n]", String.valueOf(notebook.get("v(p)", "p")));
    assertEquals(
        3,
        notebook.ok(
            notebook
                .cells
                .cell()
                .refers(Name.type("Counter"), Name.statics("Counter"))
                .run("return new t(Counter)().id;")));
  }

  @Test
  void whatWasNotForeseenIsFetchedOnFirstTouch() throws Exception {
    notebook.let("int[]", "a", "new int[] {5}").onFreshExecutor();
    assertEquals(5, notebook.get("v(a)[0]"));
    assertEquals(1, notebook.asked());
  }

  @Test
  void aFencedCommitFailsAndLeavesNothing() throws Exception {
    notebook.let("int", "x", "1");
    notebook.raiseFence(5);
    CommitFailedException refused =
        assertThrows(CommitFailedException.class, () -> notebook.let("int", "x", "2"));
    assertEquals(AnnaException.Reason.FENCED, refused.reason());
    notebook.fence = 5;
    assertEquals(1, notebook.get("v(x)", "x"));
    assertEquals(1, notebook.onFreshExecutor().get("v(x)", "x"));
  }

  @Test
  void whatCannotBeStoredSaysSoOnceAndWorksWhileItsExecutorLives() throws Exception {
    notebook.let("Map<String, Object>", "cache", "new HashMap<>(Map.of(\"conn\", new Thread()))");
    assertEquals(1, notebook.last.notices().size());
    assertTrue(
        notebook.last.notices().getFirst().contains("cache.get(\"conn\")"),
        notebook.last.notices().getFirst());
    assertEquals(Entry.State.UNSTORABLE, notebook.entry("cache").state());
    assertTrue(notebook.state().holdsUnstorable());
    assertEquals(1, notebook.get("v(cache).size()", "cache"));
    assertEquals(0, notebook.last.notices().size());
    assertNull(notebook.last.commit());
    notebook.onFreshExecutor();
    UnreadableNameException gone =
        assertThrows(UnreadableNameException.class, () -> notebook.get("v(cache)", "cache"));
    assertTrue(gone.getMessage().contains("cell [1]"), gone.getMessage());
    notebook.let("Map<String, Object>", "cache", "new HashMap<>()");
    assertEquals(Entry.State.READY, notebook.entry("cache").state());
  }

  @Test
  void aCellThatThrowsKeepsWhatItDidBefore() throws Exception {
    notebook.let("int[]", "a", "new int[] {1}");
    notebook.run(
        notebook
            .cells
            .cell()
            .reads("a")
            .run("v(a)[0] = 2; if (v(a)[0] == 2) throw new IllegalStateException(); return 1;")
            .done());
    assertNotNull(notebook.thrown);
    assertEquals(2, notebook.onFreshExecutor().get("v(a)[0]", "a"));
  }

  @Test
  void aStoredLambdaReadsWhatItsBodyReads() throws Exception {
    notebook.let("int[]", "n", "new int[] {3}");
    notebook.let(
        "Supplier<Integer>", "f", "(Supplier<Integer> & Serializable) () -> v(n)[0] * 2", "n");
    assertTrue(notebook.entry("f").valueRefs().contains(Name.variable("n")));
    notebook.onFreshExecutor();
    assertEquals(6, notebook.get("v(f).get()", "f"));
    assertEquals(0, notebook.asked());
  }

  @Test
  void aValueThatDoesNotFitItsVariableIsAnErrorInEveryCellAndNeverNull() throws Exception {
    makeUnreadable("x");
    for (int cell = 0; cell < 3; cell++) {
      assertThrows(UnreadableNameException.class, () -> notebook.get("v(x)", "x"));
    }
  }

  @Test
  void aHolderWhoseNewValueCannotBeReadIsNeverSeenAsNull() throws Exception {
    Entry unreadable = makeUnreadable("x");
    assertEquals("text", notebook.get("v(x)"), "the class of x is initialised here");
    notebook.state().advance(List.of(unreadable), List.of());
    assertEquals(2, notebook.get("1 + 1"), "a cell that does not reach x");
    notebook.run(notebook.cells.cell().run("return v(x);").done());
    assertInstanceOf(ExceptionInInitializerError.class, notebook.thrown);
    assertInstanceOf(UnreadableNameException.class, notebook.thrown.getCause());
  }

  @Test
  void whatCannotBeStoredIsNotGivenUpForAHolderThatCannotBeRead() throws Exception {
    Entry unreadable = makeUnreadable("x");
    notebook.let("Object", "thread", "new Thread()");
    notebook.state().advance(List.of(unreadable), List.of());
    assertThrows(UnreadableNameException.class, () -> notebook.get("1 + 1"));
    notebook.let("String", "x", "\"new\"");
    assertEquals("new", notebook.get("v(x)", "x"));
    assertEquals(true, notebook.get("v(thread) != null", "thread"));
  }

  /** Another executor's commit gives a text variable the stored value of a number. */
  private Entry makeUnreadable(String name) throws Exception {
    notebook.let("Object", name, "5");
    Entry number = notebook.entry(name);
    notebook.let("String", name, "\"text\"");
    Entry text = notebook.entry(name);
    Entry mixed =
        new Entry(
            text.symbol(),
            new Stamp(99, "z", 0),
            text.cellNumber(),
            Entry.State.READY,
            "",
            number.valueKey(),
            number.valueHash(),
            number.sizeBytes(),
            number.valueType(),
            Set.of(),
            List.of(),
            "",
            "");
    Commit commit =
        new Commit(
            mixed.stamp(),
            notebook.manifest().frontier(),
            1,
            Commit.Ending.RETURNED,
            List.of(mixed),
            List.of(),
            List.of());
    notebook.anna.merge(notebook.keys.manifest(), commit.delta(), Durability.LOG).join();
    return mixed;
  }

  @Test
  void aRedefinedTypeKeepsItsData() throws Exception {
    notebook.ok(notebook.cells.cell().type("P", "record P(int x, String s) { }", false));
    notebook.let("List<Object>", "ps", "new ArrayList<>(List.of(new t(P)(1, \"a\")))");
    notebook.ok(notebook.cells.cell().type("P", "record P(long x, String s, double z) { }", false));
    assertTrue(notebook.last.notices().getFirst().contains("P.z"));
    assertEquals("[P[x=1, s=a, z=0.0]]", String.valueOf(notebook.get("v(ps)", "ps")));
    notebook.onFreshExecutor();
    assertEquals("[P[x=1, s=a, z=0.0]]", String.valueOf(notebook.get("v(ps)", "ps")));
    assertEquals(0, notebook.last.notices().size());
    notebook.ok(notebook.cells.cell().type("P", "record P(boolean x) { }", false));
    assertEquals(Entry.State.STALE, notebook.entry("ps").state());
    UnreadableNameException stale =
        assertThrows(UnreadableNameException.class, () -> notebook.get("v(ps)", "ps"));
    assertTrue(stale.getMessage().contains("P.x was long and is boolean now"), stale.getMessage());
    notebook.let("List<Object>", "ps", "new ArrayList<>(List.of(new t(P)(true)))");
    assertEquals(Entry.State.READY, notebook.entry("ps").state());
  }

  @Test
  void aDefinitionCompiledOnceMoreIsStoredAsItIsThen() {
    SessionLoader loader = new SessionLoader(ref -> null);
    ClassFile first = ClassFile.of("cell.g$1", new byte[] {1});
    ClassFile again = ClassFile.of("cell.g$1", new byte[] {2});
    loader.add(List.of(first));
    loader.add(List.of(again));
    for (ClassFile each : List.of(first, again)) {
      assertTrue(loader.has(each.ref()));
      assertArrayEquals(each.bytes(), loader.bytesOf(each.ref()));
    }
    assertEquals(first.ref(), loader.refOf("cell.g$1"), "what is loaded stays");
  }
}
