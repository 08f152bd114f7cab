package hydrocell.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class NotebookGraphTest {
  private final List<History.Line> lines = new ArrayList<>();

  /** A run; names are spelled {@code reads>writes}, each a letter. */
  private void ran(String source, String names) {
    ran(source, names, "");
  }

  private void ran(String source, String names, String cellId) {
    String[] both = names.split(">", -1);
    CellRun run = new CellRun(source, cellId, spelled(both[0]), spelled(both[1]));
    int number = lines.size() + 1;
    lines.add(new History.Line(1, number, source, "", 0, "w", 1, List.of(run)));
  }

  private static List<String> spelled(String letters) {
    return letters.chars().mapToObj(c -> "v:" + (char) c).toList();
  }

  private List<String> stale() {
    return NotebookGraph.of(lines, 1).stale().stream().map(NotebookGraph.Cell::source).toList();
  }

  @Test
  void whatReadsSomethingThatIsWrittenAgainIsStaleAndWhatFollowsFromIt() {
    ran("a = 1", ">a");
    ran("b = a", "a>b");
    ran("c = b", "b>c");
    ran("d = 1", ">d");
    assertEquals(List.of(), stale());
    ran("a = 1", ">a");
    assertEquals(List.of("b = a", "c = b"), stale());
    ran("b = a", "a>b");
    assertEquals(List.of("c = b"), stale());
    ran("c = b", "b>c");
    assertEquals(List.of(), stale());
  }

  @Test
  void whatRunsAgainWithoutAChangeMakesNothingStale() {
    ran("a = 1", ">a");
    ran("b = a", "a>b");
    ran("a = 1", ">");
    assertEquals(List.of(), stale());
  }

  @Test
  void cellsThatChangeANameInTurnAreNotStaleOverEachOther() {
    ran("a = 1", ">a");
    ran("a++", "a>a");
    ran("a *= 2", "a>a");
    assertEquals(List.of(), stale());
    ran("a = 1", ">a");
    assertEquals(List.of("a++", "a *= 2"), stale());
  }

  @Test
  void aNewCellThatWritesWhatOthersReadMakesThemStale() {
    ran("a = 1", ">a");
    ran("b = a", "a>b");
    ran("a = 2", ">a");
    List<NotebookGraph.Cell> stale = NotebookGraph.of(lines, 1).stale();
    assertEquals("`a` was written by cell [3] since", stale.getFirst().stale());
  }

  @Test
  void whatACellWasBeforeItWasEditedCountsNoMore() {
    ran("a = 1", ">a", "one");
    ran("b = a", "a>b", "two");
    ran("a = 5", ">a", "one");
    NotebookGraph graph = NotebookGraph.of(lines, 1);
    assertTrue(graph.cells().stream().noneMatch(cell -> cell.source().equals("a = 1")));
    assertEquals(List.of("b = a"), stale());
    ran("b = a + 1", "a>b", "two");
    assertEquals(List.of(), stale());
    assertEquals(2, NotebookGraph.of(lines, 1).cells().size());
  }

  @Test
  void whatIsStaleRunsAfterWhatItReads() {
    ran("a = 1", ">a");
    ran("b = a", "a>b");
    ran("c = b", "b>c");
    ran("b = a", "a>");
    ran("a = 2", ">a");
    assertEquals(List.of("b = a", "c = b"), stale());
  }

  @Test
  void anotherEpochIsAnotherGraph() {
    ran("a = 1", ">a");
    assertEquals(List.of(), NotebookGraph.of(lines, 2).cells());
  }
}
