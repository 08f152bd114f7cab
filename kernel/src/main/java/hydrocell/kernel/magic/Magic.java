package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import hydrocell.kernel.CellPipeline;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.History;
import hydrocell.kernel.Session;
import hydrocell.kernel.Surroundings;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * One command.
 *
 * @param name as it is written after the percent sign
 * @param takes what may stand in its line and below it
 * @param usage how it is written
 * @param help one line on what it does
 * @param action what it does
 */
record Magic(String name, Takes takes, String usage, String help, Action action) {
  /** What the help of a second name begins with. */
  static final String SAME = "the same as ";

  /** What belongs to a command besides its name. */
  enum Takes {
    /** Words in its line. */
    WORDS,
    /** Words in its line; with two percent signs also the text below it. */
    TEXT,
    /** Words in its line, and the Java below it. */
    JAVA_BELOW,
    /** Java in its line, or else below it. */
    JAVA
  }

  /** A command that takes words in its line. */
  Magic(String name, String usage, String help, Action action) {
    this(name, Takes.WORDS, usage, help, action);
  }

  boolean takesBelow() {
    return takes != Takes.WORDS;
  }

  /** Whether its line is Java. */
  boolean takesJava() {
    return takes == Takes.JAVA;
  }

  /** Whether what stands below it is Java. */
  boolean isAboveJava() {
    return takes == Takes.JAVA || takes == Takes.JAVA_BELOW;
  }

  /** The same under another name. */
  Magic named(String other, String otherUsage) {
    return new Magic(other, takes, otherUsage, SAME + usage.split(" ", 2)[0], action);
  }

  /**
   * What a command works on, and where it shows things.
   *
   * @param call how it is written this time
   */
  record Context(
      Session session,
      CellPipeline pipeline,
      History history,
      Dependencies dependencies,
      Surroundings surroundings,
      Cells cells,
      CellText.Command call) {
    void print(String text) {
      cells.show(MimeBundle.text(text));
    }

    Consumer<MimeBundle> show() {
      return cells::show;
    }

    /** Has a cell run, which may hold commands itself. */
    void run(String source) throws IOException, MagicException {
      cells.run(source);
    }

    /** The command's Java: what stands in its line, or else below, on the cell's lines. */
    String java(String inLine) {
      return inLine.isBlank() ? call.below() : "\n".repeat(call.line()) + inLine;
    }

    /** The command's value is that of an expression: shown, or assigned where that is asked for. */
    void value(String expression) throws IOException, MagicException {
      cells.run(call.target().isEmpty() ? expression : call.target() + " " + expression + ";");
    }

    /** Whether the command's value is assigned to something. */
    boolean isAssigned() {
      return !call.target().isEmpty();
    }
  }

  /** Does what a command does. */
  @FunctionalInterface
  interface Action {
    /** Throws {@link MagicException} with words for the user. */
    void run(Context context, String arguments) throws IOException, MagicException;
  }
}
