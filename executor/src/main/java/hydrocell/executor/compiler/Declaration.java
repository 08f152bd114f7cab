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
 * @param addedAt where, in the text, something stands that the cell does not have
 * @param added what stands there; empty when the text is the cell's
 * @param comment the documentation comment before it; empty without one
 */
record Declaration(
    Name name,
    String text,
    int start,
    int bodyStart,
    String modifiers,
    int addedAt,
    String added,
    String comment) {
  /** A declaration as written. */
  Declaration(Name name, String text, int start, int bodyStart, String modifiers, String comment) {
    this(name, text, start, bodyStart, modifiers, text.length(), "", comment);
  }

  /** A declaration that nobody wrote so. */
  Declaration(Name name, String text, int start, int bodyStart, String modifiers) {
    this(name, text, start, bodyStart, modifiers, "");
  }

  /** The declaration with its comment, as it is kept with the session. */
  String source() {
    return comment.isEmpty() ? text : comment + "\n" + text;
  }

  /** The part after the modifiers. */
  String body() {
    return text.substring(bodyStart);
  }

  /** The same with something added behind its modifiers. */
  Declaration with(int at, String words) {
    return new Declaration(
        name,
        text.substring(0, at) + words + text.substring(at),
        start,
        bodyStart,
        modifiers,
        at,
        words,
        comment);
  }
}
