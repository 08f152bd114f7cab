package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.Name;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Static fields of every kind of type are variables of the session, and static initialisers and the
 * constructors of constants run once.
 */
@Timeout(120)
class StaticStateTest {
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

  /** Runs each source on an executor of its own; the result of the last as text. */
  private String apart(String... sources) throws Exception {
    Object result = null;
    for (String source : sources) {
      result = notebook.onFreshExecutor().source(source);
    }
    return String.valueOf(result);
  }

  @Test
  void nestedTypesOfEveryDepth() throws Exception {
    notebook.source("int made = 0;");
    notebook.source(
        """
        class Outer {
          static int own = 1;
          static class Inner {
            static final List<Integer> all = new ArrayList<>();
            static { made++; }
            record Deep(int v) { static int count; Deep { count += v; } }
          }
          class Member { static int members = 40; }
        }
        """);
    assertEquals("1", apart("made"));
    assertEquals("[7]", apart("Outer.Inner.all.add(7);", "Outer.Inner.all"));
    assertEquals(
        "5 41 2 1",
        apart(
            "new Outer.Inner.Deep(5); Outer.Member.members++; Outer.own++;",
            "Outer.Inner.Deep.count + \" \" + Outer.Member.members + \" \" + Outer.own + \" \" + made"));
    assertNotNull(notebook.manifest().get(Name.statics("Outer.Inner.Deep")));
  }

  @Test
  void constantsOfEnumsKeepTheirFieldsAndAreMadeOnce() throws Exception {
    notebook.source("int made = 0; int count() { return ++made; }");
    notebook.source(
        """
        enum Mode {
          FAST(2),
          SLOW(3) { int extra = 1; final List<String> log = new ArrayList<>(); int cost() { return ++extra * weight; } };
          static int used;
          final int weight;
          int hits;
          Mode next;
          Mode(int weight) { this.weight = weight + 0 * count(); }
          int cost() { used++; return weight * ++hits; }
          static { FAST.next = SLOW; SLOW.next = FAST; }
        }
        """);
    assertEquals("2", apart("made"));
    assertEquals(
        "2 6", apart("int a = Mode.FAST.cost(); int b = Mode.SLOW.cost();", "a + \" \" + b"));
    assertEquals(
        "4 9 1 2",
        apart(
            "Mode.FAST.cost() + \" \" + Mode.SLOW.cost() + \" \" + (Mode.used - 1) + \" \" + made"));
    assertEquals(
        "true true [FAST, SLOW] SLOW 1",
        apart(
            "var m = Mode.FAST.next; Map<Mode, Integer> byMode = new EnumMap<>(Map.of(Mode.SLOW, 1));",
            "(m == Mode.SLOW) + \" \" + (Mode.valueOf(\"SLOW\").next == Mode.FAST) + \" \""
                + " + Arrays.toString(Mode.values()) + \" \" + (switch (m) { case FAST -> \"f\"; case SLOW -> m.name(); })"
                + " + \" \" + byMode.get(Mode.SLOW)"));
    assertEquals("3", apart("m.hits = 3;", "Mode.SLOW.hits"));
  }

  @Test
  void plainEnumsHaveNoState() throws Exception {
    notebook.source(
        "enum Suit { HEARTS, SPADES; String lower() { return name().toLowerCase(); } }");
    notebook.source("var s = Suit.SPADES;");
    assertNull(notebook.manifest().get(Name.statics("Suit")));
    assertEquals("spades 1", apart("s.lower() + \" \" + s.ordinal()"));
  }

  @Test
  void constantsOfInterfaces() throws Exception {
    notebook.source("int made = 0; int count() { return ++made; }");
    notebook.source(
        """
        interface Limits {
          int MAX = 7;
          long NOW = System.nanoTime() + count();
          List<String> SEEN = new ArrayList<>();
          String ID = "id" + NOW;
        }
        record Check(int v) implements Limits {}
        """);
    notebook.source("var id = Limits.ID; var now = Check.NOW;");
    assertEquals("true 1", apart("(id.equals(Limits.ID) && now == Limits.NOW) + \" \" + made"));
    assertEquals(
        "[a, b] 7",
        apart(
            "Limits.SEEN.add(\"a\");",
            "Check.SEEN.add(\"b\");",
            "Limits.SEEN + \" \" + Check.MAX"));
  }

  @Test
  void anInterfaceWhoseConstantsChangedElsewhereNeedsFreshClasses() throws Exception {
    notebook.source("interface Shared { List<Integer> LIST = new ArrayList<>(); }");
    notebook.source("Shared.LIST.add(1);");
    SessionState first = notebook.state();
    notebook.onFreshExecutor().source("Shared.LIST.add(2);");
    assertFalse(first.needsFreshClasses());
    first.advance(notebook.manifest().entries(), java.util.List.of());
    assertTrue(first.needsFreshClasses());
  }

  @Test
  void initialisersNeedEachOtherInEitherOrder() throws Exception {
    notebook.source(
        """
        class A { static int x = B.y + 1; static class Late { static int z = A.x * 100; } }
        class B { static int y = C.z() + 1; static int seen = A.x; }
        interface C { static int z() { return LIST.size(); } List<Integer> LIST = new ArrayList<>(List.of(1, 2)); }
        """);
    assertEquals("4 3 0 400", apart("A.x + \" \" + B.y + \" \" + B.seen + \" \" + A.Late.z"));
  }

  @Test
  void dependentsThatAreCompiledAgainKeepTheirState() throws Exception {
    notebook.source("int made = 0;");
    notebook.source("record City(String name) {}");
    notebook.source(
        "class Registry { static final Map<String, City> all = new HashMap<>(); static { made++; } }");
    notebook.source("Registry.all.put(\"r\", new City(\"Rome\"));");
    notebook.source("record City(String name, int people) {}");
    assertEquals(
        "City[name=Rome, people=0]", String.valueOf(notebook.source("Registry.all.get(\"r\")")));
    notebook.source("Registry.all.put(\"t\", new City(\"Turin\", 2));");
    assertEquals("2 1", apart("Registry.all.size() + \" \" + made"));
  }

  @Test
  void aTypeDefinedAnewBeginsAnewAndForgetsWhatItNoLongerHas() throws Exception {
    notebook.source("class T { static int n = 1; static class In { static int m = 2; } }");
    notebook.source("T.n = 10; T.In.m = 20;");
    notebook.source("class T { static int n = 3; }");
    assertEquals(3, notebook.source("T.n"));
    notebook.source("T.n++;");
    assertEquals("4", apart("T.n"));
    assertNull(notebook.manifest().get(Name.statics("T.In")));
    notebook.source("class T { }");
    assertNull(notebook.manifest().get(Name.statics("T")));
  }

  @Test
  void aFailedInitialiserRunsAgainWhenTheTypeIsNextUsed() throws Exception {
    notebook.source("boolean ready = false;");
    AssertionError failed =
        assertThrows(
            AssertionError.class,
            () ->
                notebook.source(
                    """
                    class First { static int n = 1; static { if (!ready) throw new IllegalStateException("not ready"); } }
                    class Second { static int n = 2; }
                    """));
    assertTrue(failed.getMessage().contains("not ready"), failed.getMessage());
    assertTrue(notebook.state().poisoned(), "the class that has half its state is not used again");
    assertNull(notebook.manifest().get(Name.statics("First")));
    notebook.source("ready = true;");
    assertEquals("1 2", apart("First.n + \" \" + Second.n"));
  }

  @Test
  void finalFieldsStayFinalForLaterCells() throws Exception {
    notebook.source(
        "class K { static final List<Integer> l = new ArrayList<>(); static int n = 1; } enum E { A; int v; }");
    AssertionError rejected =
        assertThrows(AssertionError.class, () -> notebook.source("K.l = null;"));
    assertTrue(rejected.getMessage().contains("final"), rejected.getMessage());
    assertThrows(AssertionError.class, () -> notebook.source("E.A = null;"));
    assertEquals("2", apart("K.n = 2;", "K.n"));
  }

  @Test
  void assertionsAreAsTheyAreInTheExecutor() throws Exception {
    notebook.source(
        "class Asserts { static int n = 1; static int check() { assert n > 5 : \"small\"; return n; } }");
    for (boolean enabled : new boolean[] {true, false}) {
      notebook.onFreshExecutor().state().loader().setDefaultAssertionStatus(enabled);
      if (enabled) {
        AssertionError thrown =
            assertThrows(AssertionError.class, () -> notebook.source("Asserts.check()"));
        assertTrue(String.valueOf(thrown.getCause()).contains("small"), thrown.toString());
      } else {
        assertEquals(1, notebook.source("Asserts.check()"));
      }
    }
  }

  @Test
  void localTypesOfAUsersTypeAreMadeWhenTheyAreFirstUsed() throws Exception {
    notebook.source("int made = 0;");
    notebook.source(
        "class Host { int next() { class Local { static int n = ++made * 10; } return ++Local.n; } }");
    assertEquals("0", apart("made"));
    assertEquals(
        "11 12 1",
        apart("int a = new Host().next();", "a + \" \" + new Host().next() + \" \" + made"));
  }

  @Test
  void statelessCellsDoNotWriteStaticsAgain() throws Exception {
    notebook.source("enum Level { LOW(1), HIGH(9); final int v; Level(int v) { this.v = v; } }");
    notebook.source("int sum = 0;");
    notebook.onFreshExecutor().source("sum = Level.HIGH.v;");
    assertEquals(1, notebook.last.commit().entries().size());
    assertEquals("9", apart("sum"));
  }
}
