package hydrocell.executor.compiler;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes one compilation unit and remembers which part of it came from where in the cell, so that
 * what javac says of the unit can be said of the cell. Lines of the unit are lines of the cell.
 */
final class UnitWriter {
  private final StringBuilder text = new StringBuilder();
  private final List<Piece> pieces = new ArrayList<>();

  private record Piece(int unitStart, int cellStart, int length) {}

  /**
   * A finished unit.
   *
   * @param className binary name of its outermost class
   * @param text its source
   * @param pieces where it came from
   */
  record Unit(String className, String text, List<Piece> pieces) {
    /** The offset in the cell of an offset in this unit; -1 when it is generated code. */
    int cellOffset(long unitOffset) {
      int nearest = -1;
      for (Piece piece : pieces) {
        if (unitOffset >= piece.unitStart && unitOffset <= piece.unitStart + piece.length) {
          nearest = (int) (piece.cellStart + unitOffset - piece.unitStart);
          if (unitOffset < piece.unitStart + piece.length) {
            return nearest;
          }
        }
      }
      return nearest;
    }

    /** The offset in this unit of an offset in the cell; -1 when it is not in the unit. */
    int unitOffset(int cellOffset) {
      for (Piece piece : pieces) {
        if (cellOffset >= piece.cellStart && cellOffset < piece.cellStart + piece.length) {
          return piece.unitStart + cellOffset - piece.cellStart;
        }
      }
      return -1;
    }
  }

  /** Generated code; holds no line break before the last slice of the cell. */
  UnitWriter code(String generated) {
    text.append(generated);
    return this;
  }

  /** A slice of the cell, with its line breaks. */
  UnitWriter cell(String source, int start, int end) {
    if (end > start) {
      pieces.add(new Piece(text.length(), start, end - start));
      text.append(source, start, end);
    }
    return this;
  }

  /** Moves on to a line, 1-based, if the unit is not there yet. */
  UnitWriter line(int line) {
    int now = 1 + (int) text.chars().filter(c -> c == '\n').count();
    text.repeat('\n', Math.max(0, line - now));
    return this;
  }

  Unit unit(String className) {
    return new Unit(className, text.toString(), pieces);
  }
}
