package hydrocell.kernel;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * A cell that ran, as the notebook's graph knows it. Immutable; part of the history, so components
 * are appended only.
 *
 * @param source its Java
 * @param cellId the notebook's own name for the cell; empty where the client does not tell
 * @param reads names that it could reach, spelled as in manifests
 * @param writes names that it changed or defined
 */
public record CellRun(String source, String cellId, List<String> reads, List<String> writes) {
  private static final String OF_OTHERS = "// shared by others";
  private static final int MAX_NAMES = 200;
  private static final Set<Kind> SHOWN = Set.of(Kind.VARIABLE, Kind.METHOD, Kind.TYPE);

  /** A run of a request's cell. */
  static CellRun of(CellRequest cell, Collection<Name> reads, Collection<Name> writes) {
    String cellId = cell.message().metadata().path("cellId").asText("");
    boolean itself = cell.beside() != CellRequest.Beside.WITH_OTHERS;
    return new CellRun(cell.source(), itself ? cellId : "", spelled(reads), spelled(writes));
  }

  /** What other notebooks wrote to shared names, as if a cell of this one had. */
  static CellRun ofOthers(Collection<Name> writes) {
    return new CellRun(OF_OTHERS, "", List.of(), spelled(writes));
  }

  /** Whether it is what {@link #ofOthers} made. */
  boolean isOfOthers() {
    return source.equals(OF_OTHERS) && reads.isEmpty();
  }

  /** The same run of another source. */
  private CellRun of(String other) {
    return new CellRun(other, cellId, reads, writes);
  }

  /**
   * As it is kept beside a line's source, which most runs have, too: without a second copy of it.
   */
  CellRun keptBeside(String line) {
    return source.equals(line) ? of("") : this;
  }

  /** What {@link #keptBeside} kept. */
  CellRun readBeside(String line) {
    return source.isEmpty() ? of(line) : this;
  }

  private static List<String> spelled(Collection<Name> names) {
    return names.stream()
        .filter(name -> SHOWN.contains(name.kind()))
        .map(Name::toString)
        .sorted()
        .limit(MAX_NAMES)
        .toList();
  }
}
