package hydrocell.api.jjava;

/** What cannot be done from within a cell, with what to use in its place. */
final class Replaced {
  private Replaced() {}

  static UnsupportedOperationException by(String what, String replacement) {
    return new UnsupportedOperationException(
        "%s cannot be reached from within a cell of this kernel: use %s"
            .formatted(what, replacement));
  }

  static UnsupportedOperationException eval() {
    return by(
        "the compiler",
        "`nextCell(code)`, which puts the code into a new cell, or `%run FILE` on a line of its own");
  }
}
