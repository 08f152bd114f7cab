package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.MalformedFrameException;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The cells that this notebook ran, kept with its session in Anna. Writing is not waited for: a
 * cell never fails over its history.
 */
public final class History {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private final Backend backend;
  private final Session session;
  private final InstantSource clock;
  private final long kernelStart;

  /**
   * One cell.
   *
   * @param kernelStart number of the kernel start, growing
   * @param cellNumber execution count
   * @param source as it was run
   * @param output its result as text; may be empty
   * @param timeMs when, for people to read
   */
  public record Line(long kernelStart, int cellNumber, String source, String output, long timeMs) {}

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

  void add(int cellNumber, String source, String output) {
    Line line = new Line(kernelStart, cellNumber, source, output, clock.instant().toEpochMilli());
    String field = "%012d-%08d-%s".formatted(kernelStart, cellNumber, session.writer());
    try {
      backend
          .anna()
          .merge(
              session.keys().history(),
              MapLattice.of(
                  Map.of(
                      field,
                      new LwwRegister(
                          new Stamp(1, session.writer(), 0), RecordCodec.encode(line)))),
              Durability.LOG);
    } catch (IOException | AnnaException e) {
      LOG.warn("a cell is not in the history: {}", e.getMessage());
    }
  }

  /** All cells, the oldest first. */
  public List<Line> lines() throws IOException {
    AnnaClient.Read read = Backend.await(backend.anna().get(session.keys().history()));
    List<Line> lines = new ArrayList<>();
    if (read.lattice() instanceof MapLattice map) {
      for (Lattice each : map.fields().values()) {
        if (each instanceof LwwRegister register) {
          addTo(lines, register);
        }
      }
    }
    lines.sort(Comparator.comparingLong(Line::kernelStart).thenComparingInt(Line::cellNumber));
    return lines;
  }

  private static void addTo(List<Line> lines, LwwRegister register) {
    try {
      lines.add(RecordCodec.decode(Line.class, register.value()));
    } catch (MalformedFrameException e) {
      LOG.warn("a line of the history cannot be read: {}", e.getMessage());
    }
  }
}
