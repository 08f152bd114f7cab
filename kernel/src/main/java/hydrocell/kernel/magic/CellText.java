package hydrocell.kernel.magic;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A cell as commands and Java, in the order in which they stand.
 *
 * <p>A line is a command when it begins with a percent sign and a name, and Java does not go on
 * there: at the cell's beginning, after a semicolon, a brace, a comment or another command, and,
 * for a name that is a command's, after an expression. A command with two percent signs takes what
 * stands below it; only comments may stand above it.
 */
public final class CellText {
  private static final Pattern COMMAND =
      Pattern.compile("[ \\t]*(%%?)[ \\t]*(!|[A-Za-z_][\\w-]*|\\\\\\{[^}]*})(.*)");

  private static final Pattern ASSIGNED =
      Pattern.compile("([ \\t]*(?:[\\w$.<>\\[\\], ?]+[ \\t])?[\\w$]+[ \\t]*=)[ \\t]*(%.*)");

  /** As jbang writes them. */
  private static final Pattern DEPENDENCIES = Pattern.compile("[ \\t]*//DEPS[ \\t]+(.*)");

  private final String cell;
  private final List<Part> parts = new ArrayList<>();
  private final JavaScan scan = new JavaScan();
  private int javaFrom;

  /** Whether there is Java since the last command, and not only comments. */
  private boolean code;

  private CellText(String cell) {
    this.cell = cell;
  }

  /**
   * A piece of a cell.
   *
   * @param command what is to be done; null for Java
   * @param start where it begins, in UTF-16 units
   * @param end where it ends
   * @param java where Java begins in it; its end when it has none
   */
  record Part(@Nullable Command command, int start, int end, int java) {}

  /**
   * A command.
   *
   * @param name without percent signs
   * @param arguments the rest of its line and, for one that takes it, what stands below
   * @param target what the value is assigned to, with the equals sign; empty for nothing
   * @param line how many lines stand above it
   */
  public record Command(String name, String arguments, String target, int line) {
    /** What stands below the command, on the lines where it stands in the cell. */
    String below() {
      int end = arguments.indexOf('\n');
      return end < 0 ? "" : "\n".repeat(line) + arguments.substring(end);
    }

    /** What stands in the command's line. */
    String inLine() {
      return arguments.lines().findFirst().orElse("").strip();
    }
  }

  /** A step of running a cell: a command, or Java with its lines where they stand in the cell. */
  public record Step(@Nullable Command command, String java) {}

  /** The steps of a cell, in order. */
  public static List<Step> steps(String cell) {
    List<Step> steps = new ArrayList<>();
    for (Part part : parts(cell)) {
      if (part.command != null) {
        steps.add(new Step(part.command, ""));
      } else {
        String above = "\n".repeat(lines(cell, part.start));
        steps.add(new Step(null, above + cell.substring(part.start, part.end)));
      }
    }
    return steps;
  }

  private static int lines(String cell, int end) {
    return (int) cell.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  /** A cell with everything but Java blanked out; each character stands where it stood. */
  public static String javaOf(String cell) {
    StringBuilder java = new StringBuilder(cell);
    for (Part part : parts(cell)) {
      for (int i = part.start; i < part.java; i++) {
        if (java.charAt(i) != '\n') {
          java.setCharAt(i, ' ');
        }
      }
    }
    return java.toString();
  }

  /** The command whose text stands at a place; null when that is Java or the command's own line. */
  static @Nullable Command textAt(String cell, int cursor) {
    for (Part part : parts(cell)) {
      Command command = part.command;
      boolean text = command != null && command.arguments.contains("\n") && part.java == part.end;
      if (text && cursor > cell.indexOf('\n', part.start)) {
        return command;
      }
    }
    return null;
  }

  static List<Part> parts(String cell) {
    return new CellText(cell).read();
  }

  private List<Part> read() {
    int line = 0;
    for (int start = 0; start <= cell.length(); line++) {
      int newline = cell.indexOf('\n', start);
      int end = newline < 0 ? cell.length() : newline + 1;
      String text = cell.substring(start, newline < 0 ? end : newline);
      if (!readLine(text, start, end, line)) {
        scan.read(text + "\n");
        code |= !text.isBlank() && !isComment(text);
      } else if (javaFrom > end) {
        break;
      }
      if (newline < 0) {
        break;
      }
      start = end;
    }
    javaUpTo(cell.length());
    return parts;
  }

  private static boolean isComment(String line) {
    return line.stripLeading().startsWith("//");
  }

  /** Whether the line is a command's. */
  private boolean readLine(String text, int start, int end, int line) {
    if (scan.isInside()) {
      return false;
    }
    Matcher dependencies = DEPENDENCIES.matcher(text);
    if (dependencies.matches() && parts.stream().allMatch(part -> part.command != null) && !code) {
      add(new Command("maven", dependencies.group(1), "", line), start, end, end);
      return true;
    }
    Matcher assigned = ASSIGNED.matcher(text);
    if (assigned.matches() && scan.isBetweenStatements()) {
      Matcher command = COMMAND.matcher(assigned.group(2).replaceFirst(";\\s*$", ""));
      if (command.matches()) {
        String target = assigned.group(1).strip();
        add(new Command(command.group(2), command.group(3).strip(), target, line), start, end, end);
        return true;
      }
    }
    Matcher command = COMMAND.matcher(text);
    return command.matches() && readCommand(command, start, end, line);
  }

  private boolean readCommand(Matcher found, int start, int end, int line) {
    String name = found.group(2);
    Magic known = Magics.KNOWN.get(name);
    if (!scan.isBetweenStatements() && (known == null || !scan.mayEnd())) {
      return false;
    }
    String rest = found.group(3);
    boolean twice = found.group(1).length() == 2;
    boolean alone = rest.isBlank();
    boolean takes =
        known == null ? twice : known.takesBelow() && (twice || known.takesJava() && alone);
    if (takes && !code) {
      int whole = cell.length();
      int from = known != null && known.isAboveJava() ? Math.min(end, whole) : whole;
      add(new Command(name, rest + "\n" + cell.substring(end), "", line), start, whole, from);
      javaFrom = whole + 1;
      return true;
    }
    int from = known != null && known.takesJava() ? start + found.start(3) : end;
    add(new Command(name, rest.strip(), "", line), start, end, from);
    return true;
  }

  private void add(Command command, int start, int end, int java) {
    javaUpTo(start);
    parts.add(new Part(command, start, end, java));
    javaFrom = end;
  }

  private void javaUpTo(int end) {
    if (code) {
      parts.add(new Part(null, javaFrom, end, javaFrom));
      code = false;
    }
  }
}
