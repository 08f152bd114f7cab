package hydrocell.kernel.debug;

/** Literals of Java, as far as the debugger takes them. */
final class Literal {
  private Literal() {}

  /** The value of a decimal number: int, long, float or double by how it is written. */
  static Object number(String written) throws Expression.RefusedException {
    String digits = written.replace("_", "");
    char last = Character.toLowerCase(digits.charAt(digits.length() - 1));
    try {
      return switch (last) {
        case 'l' -> Long.valueOf(digits.substring(0, digits.length() - 1));
        case 'f' -> Float.valueOf(digits);
        case 'd' -> Double.valueOf(digits);
        default -> whole(digits);
      };
    } catch (NumberFormatException e) {
      throw new Expression.RefusedException(written + " is no number that fits its type");
    }
  }

  private static Object whole(String digits) {
    return digits.matches("\\d+") ? (Object) Integer.valueOf(digits) : Double.valueOf(digits);
  }

  /** The value of a string or a character in quotes. */
  static Object text(String written) throws Expression.RefusedException {
    String inside;
    try {
      inside = written.substring(1, written.length() - 1).translateEscapes();
    } catch (IllegalArgumentException e) {
      throw new Expression.RefusedException(written + " has an escape that Java does not know");
    }
    if (written.charAt(0) == '"') {
      return inside;
    }
    if (inside.length() != 1) {
      throw new Expression.RefusedException(written + " is not one character");
    }
    return inside.charAt(0);
  }
}
