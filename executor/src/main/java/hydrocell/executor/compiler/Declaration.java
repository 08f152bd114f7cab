package hydrocell.executor.compiler;

import hydrocell.cell.Name;

/**
 * A declaration as it stands in a source. Immutable.
 *
 * @param name what it declares
 * @param text the declaration, from its first modifier to its end
 * @param start where the text begins in the cell; -1 when it comes from an earlier cell
 * @param bodyStart where, in the text, the part after the modifiers begins
 * @param modifiers the modifiers and annotations that stand before, as written
 */
record Declaration(Name name, String text, int start, int bodyStart, String modifiers) {
  /** The part after the modifiers. */
  String body() {
    return text.substring(bodyStart);
  }
}
