package hydrocell.executor.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Reads the corpus. A file is a theme. {@code ## TITLE} begins a sequence, {@code ---} divides its
 * cells. {@code === differs ID: OUTCOME} after a cell says that Hydrocell is meant to differ from
 * JShell there, what its outcome is, and under which heading of {@code
 * docs/differences-from-jshell.md} the reason stands. A sequence whose title ends in {@code
 * (preview)} runs with preview features.
 */
final class Corpus {
  private static final String TITLE = "## ";
  private static final String DIVIDER = "---";
  private static final String DIFFERS = "=== differs ";
  private static final String PREVIEW = "(preview)";

  private Corpus() {}

  /**
   * A cell of a sequence.
   *
   * @param source as written
   * @param difference the identifier of an intended difference; empty when there is none
   * @param outcome what Hydrocell gives where it differs
   */
  record Cell(String source, String difference, String outcome) {}

  /**
   * A sequence of cells, run in a session of its own.
   *
   * @param theme its file's name, without ending
   * @param line where it begins in that file
   */
  record Sequence(String theme, int line, String title, List<Cell> cells) {
    boolean preview() {
      return title.endsWith(PREVIEW);
    }

    @Override
    public String toString() {
      return theme + ":" + line + " " + title;
    }
  }

  /** Every sequence, by theme. */
  static List<Sequence> read() {
    try (Stream<Path> files =
        Files.list(Path.of(Corpus.class.getResource("declarations.txt").toURI()).getParent())) {
      List<Sequence> all = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(".txt")).sorted().toList()) {
        all.addAll(read(file));
      }
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Sequence> read(Path file) throws IOException {
    String theme = file.getFileName().toString().replace(".txt", "");
    List<Sequence> found = new ArrayList<>();
    List<Cell> cells = new ArrayList<>();
    StringBuilder source = new StringBuilder();
    String title = "";
    String difference = "";
    int begin = 0;
    int number = 0;
    List<String> lines = new ArrayList<>(Files.readAllLines(file));
    lines.add(TITLE);
    for (String line : lines) {
      number++;
      if (line.startsWith(TITLE) || line.equals(DIVIDER)) {
        if (!title.isEmpty()) {
          cells.add(cell(source.toString(), difference));
        }
        source.setLength(0);
        difference = "";
      } else if (line.startsWith(DIFFERS)) {
        difference = line.substring(DIFFERS.length());
      } else if (!title.isEmpty()) {
        source.append(source.isEmpty() ? "" : "\n").append(line);
      }
      if (line.startsWith(TITLE)) {
        if (!title.isEmpty()) {
          found.add(new Sequence(theme, begin, title, List.copyOf(cells)));
        }
        cells.clear();
        title = line.substring(TITLE.length()).strip();
        begin = number;
      }
    }
    return found;
  }

  private static Cell cell(String source, String difference) {
    int colon = difference.indexOf(": ");
    String text = source.stripTrailing();
    return colon < 0
        ? new Cell(text, "", "")
        : new Cell(text, difference.substring(0, colon), difference.substring(colon + 2));
  }
}
