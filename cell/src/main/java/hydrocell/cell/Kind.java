package hydrocell.cell;

/** What a name of a session stands for. The letter is its spelling in keys; append only. */
public enum Kind {
  /** A variable. */
  VARIABLE('v'),
  /** All methods of one name (overloads together). */
  METHOD('m'),
  /** A class, record, enum, interface or annotation. */
  TYPE('t'),
  /** The static fields of a type of the session, as one value. */
  STATICS('s'),
  /** An import; its text is what stands between {@code import} and the semicolon. */
  IMPORT('i'),
  /** A library on the class path; its text is the coordinates or the jar's file name. */
  DEPENDENCY('d'),
  /** A setting of the session, such as the working directory. */
  SETTING('c'),
  /**
   * An object that {@code hydrocell.api} keeps with the session under a key of its own, such as an
   * open comm. Nobody spells it; its text is the key, its type a label.
   */
  KEPT('k');

  private final char letter;

  Kind(char letter) {
    this.letter = letter;
  }

  /** Whether people spell it in cells and commands. */
  public boolean isSpoken() {
    return this != STATICS && this != SETTING && this != KEPT;
  }

  /** The spelling in keys. */
  public char letter() {
    return letter;
  }

  static Kind of(char letter) {
    for (Kind kind : values()) {
      if (kind.letter == letter) {
        return kind;
      }
    }
    throw new IllegalArgumentException("no kind of name has the letter " + letter);
  }
}
