package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.MaxLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cells that this notebook ran, kept with its session in Anna. Writing is not waited for: a
 * cell never fails over its history.
 */
public final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);
  private static final int MAX_NOTEBOOKS = 1_000;

  private final Backend backend;
  private final Session session;
  private final InstantSource clock;
  private final long kernelStart;
  private final HistoryPages pages = new HistoryPages();

  /**
   * One cell.
   *
   * @param kernelStart number of the kernel start, growing
   * @param cellNumber execution count
   * @param source as it was run
   * @param output its result as text; may be empty
   * @param timeMs when, for people to read
   * @param writer the kernel; empty in lines of earlier builds
   * @param epoch of the session, in which its names are
   * @param runs what ran in it: its Java between commands, and cells that commands had run
   */
  public record Line(
      long kernelStart,
      int cellNumber,
      String source,
      String output,
      long timeMs,
      String writer,
      long epoch,
      List<CellRun> runs) {

    /** As it was added; what is kept spells a source only once. */
    private Line read() {
      List<CellRun> whole = runs.stream().map(run -> run.readBeside(source)).toList();
      return new Line(kernelStart, cellNumber, source, output, timeMs, writer, epoch, whole);
    }
  }

  /** A cell, and the file name of the notebook that it ran in. */
  public record Found(String notebook, Line line) {}

  History(Backend backend, Session session, InstantSource clock) {
    this.backend = backend;
    this.session = session;
    this.clock = clock;
    this.kernelStart = clock.instant().getEpochSecond();
  }

  /** Number of this kernel start. */
  long kernelStart() {
    return kernelStart;
  }

  void add(int cellNumber, String source, String output, List<CellRun> runs) {
    long now = clock.instant().toEpochMilli();
    Line line =
        new Line(
            kernelStart,
            cellNumber,
            source,
            output,
            now,
            session.writer(),
            session.keys().epoch(),
            runs.stream().map(run -> run.keptBeside(source)).toList());
    String field = padded(kernelStart, 12) + "-" + padded(cellNumber, 8) + "-" + session.writer();
    byte[] encoded = RecordCodec.encode(line);
    MapLattice delta =
        MapLattice.of(Map.of(field, new LwwRegister(new Stamp(1, session.writer(), 0), encoded)));
    if (session.participation().readsOnly()) {
      return;
    }
    try {
      AnnaClient anna = backend.anna();
      anna.merge(pages.forLine(anna, session.keys(), encoded.length), delta, Durability.LOG);
      // A cell that changes nothing commits nothing, and the next kernel is to count on from it.
      anna.merge(
          session.keys().session(),
          MapLattice.of(Map.of(session.keys().lastCell(), new MaxLattice(cellNumber))),
          Durability.LOG);
    } catch (IOException | AnnaException e) {
      LOG.warn("a cell is not in the history: {}", e.getMessage());
    }
  }

  /** Fields are in the order of their numbers then. With each cell, so without a formatter. */
  private static String padded(long number, int digits) {
    String spelled = Long.toString(number);
    return "0".repeat(Math.max(0, digits - spelled.length())) + spelled;
  }

  /** The cells of this notebook that are kept, the oldest first. */
  public List<Line> lines() throws IOException {
    List<Line> lines = new ArrayList<>();
    for (Key page : HistoryPages.of(backend.anna(), session.keys())) {
      lines.addAll(linesIn(Backend.await(backend.anna().get(page))));
    }
    lines.sort(Comparator.comparingLong(Line::kernelStart).thenComparingInt(Line::cellNumber));
    return lines;
  }

  /** The last cells of this notebook. */
  List<Line> recent() throws IOException {
    List<Key> keys = HistoryPages.of(backend.anna(), session.keys());
    return keys.isEmpty() ? List.of() : linesIn(Backend.await(backend.anna().get(keys.getLast())));
  }

  /**
   * The last cells in all of the person's notebooks, the oldest first. They are read page by page,
   * so that no more than one is in memory.
   */
  public List<Found> everywhere(Predicate<Line> wanted, int count) throws IOException {
    Comparator<Found> byTime =
        Comparator.<Found>comparingLong(found -> found.line.timeMs)
            .thenComparing(Found::notebook)
            .thenComparingInt(found -> found.line.cellNumber);
    PriorityQueue<Found> last = new PriorityQueue<>(byTime);
    for (String sessionId : session.ofOwner(MAX_NOTEBOOKS)) {
      SessionKeys keys = new SessionKeys(sessionId, 1);
      String notebook =
          SessionRecord.fileOf(Backend.await(backend.anna().get(keys.session())).lattice());
      for (Key page : HistoryPages.of(backend.anna(), keys)) {
        for (Line line : linesIn(Backend.await(backend.anna().get(page)))) {
          if (wanted.test(line)) {
            last.add(new Found(notebook, line));
            if (last.size() > count) {
              last.remove();
            }
          }
        }
      }
    }
    return last.stream().sorted(byTime).toList();
  }

  private static List<Line> linesIn(AnnaClient.Read read) {
    List<Line> lines = new ArrayList<>();
    if (read.lattice() instanceof MapLattice map) {
      for (Lattice each : map.fields().values()) {
        if (each instanceof LwwRegister register) {
          addTo(lines, register);
        }
      }
    }
    return lines;
  }

  private static void addTo(List<Line> lines, LwwRegister register) {
    try {
      lines.add(RecordCodec.decode(Line.class, register.value()).read());
    } catch (MalformedFrameException e) {
      LOG.warn("a line of the history cannot be read: {}", e.getMessage());
    }
  }
}
