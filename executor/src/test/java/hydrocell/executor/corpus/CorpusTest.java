package hydrocell.executor.corpus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every sequence of the corpus has the same outcomes in JShell, the oracle, and in Hydrocell, but
 * for the differences that are meant and written down. Both run beside each other.
 */
class CorpusTest {
  private static final int LEAST_SEQUENCES = 400;

  private static final ExecutorService JSHELL = Executors.newSingleThreadExecutor();
  private static final ExecutorService OURS = Executors.newSingleThreadExecutor();
  private static final Oracle ORACLE = new Oracle(false);
  private static final Oracle PREVIEW_ORACLE = new Oracle(true);
  private static final List<Corpus.Sequence> SEQUENCES = Corpus.read();
  private static final Map<Corpus.Sequence, Future<List<String>>> EXPECTED = new LinkedHashMap<>();
  private static final Map<Corpus.Sequence, Future<Hydrocell.Ran>> ACTUAL = new LinkedHashMap<>();
  private static Hydrocell hydrocell;

  @BeforeAll
  static void begin(@TempDir Path folder) throws Exception {
    CapturedOutput.install();
    hydrocell = new Hydrocell(folder);
    for (Corpus.Sequence each : SEQUENCES) {
      List<String> cells = each.cells().stream().map(Corpus.Cell::source).toList();
      boolean preview = each.preview();
      EXPECTED.put(each, JSHELL.submit(() -> (preview ? PREVIEW_ORACLE : ORACLE).run(cells)));
      ACTUAL.put(each, OURS.submit(() -> hydrocell.run(cells, preview)));
    }
  }

  @AfterAll
  static void end() throws Exception {
    JSHELL.close();
    OURS.close();
    ORACLE.close();
    PREVIEW_ORACLE.close();
    hydrocell.close();
  }

  @TestFactory
  Stream<DynamicTest> outcomesAgree() {
    return SEQUENCES.stream()
        .map(each -> DynamicTest.dynamicTest(each.toString(), () -> compare(each)));
  }

  private static void compare(Corpus.Sequence sequence) throws Exception {
    List<String> theirs = EXPECTED.get(sequence).get();
    Hydrocell.Ran ours = ACTUAL.get(sequence).get();
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < theirs.size(); i++) {
      Corpus.Cell cell = sequence.cells().get(i);
      wanted.add(cell.difference().isEmpty() ? theirs.get(i) : cell.outcome());
      if (!cell.difference().isEmpty()) {
        assertNotEquals(theirs.get(i), cell.outcome(), "no difference any more: " + cell.source());
      }
    }
    assertEquals(
        String.join("\n", wanted),
        String.join("\n", ours.outcomes()),
        sequence + "\n" + String.join("\n", ours.errors()));
  }

  @Test
  void theCorpusIsLarge() {
    assertTrue(SEQUENCES.size() >= LEAST_SEQUENCES, SEQUENCES.size() + " sequences");
  }

  /** The list in the document and the differences marked in the corpus are the same. */
  @Test
  void everyDifferenceIsWrittenDown() throws Exception {
    TreeSet<String> marked = new TreeSet<>();
    for (Corpus.Sequence sequence : SEQUENCES) {
      for (Corpus.Cell cell : sequence.cells()) {
        marked.add(cell.difference());
      }
    }
    marked.remove("");
    TreeSet<String> written = new TreeSet<>();
    for (String line : Files.readAllLines(Path.of("../docs/differences-from-jshell.md"))) {
      if (line.startsWith("## ")) {
        written.add(line.substring(3));
      }
    }
    assertEquals(written, marked);
  }
}
