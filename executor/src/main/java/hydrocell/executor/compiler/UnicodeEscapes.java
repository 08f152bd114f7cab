package hydrocell.executor.compiler;

/**
 * Unicode escapes, which Java translates before anything else (JLS 3.3). Line breaks and
 * backslashes stay escaped: they would move lines, or begin an escape that is none.
 */
final class UnicodeEscapes {
  private static final int DIGITS = 4;

  private UnicodeEscapes() {}

  /** The source with its escapes translated; a malformed one stays for javac to refuse. */
  static String translate(String source) {
    if (!source.contains("\\u")) {
      return source;
    }
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      if (c == '\\' && at + 1 < source.length() && source.charAt(at + 1) != 'u') {
        out.append(c).append(source.charAt(at + 1));
        at += 2;
        continue;
      }
      int digits = at + 1;
      while (c == '\\' && digits < source.length() && source.charAt(digits) == 'u') {
        digits++;
      }
      int value = digits > at + 1 ? value(source, digits) : -1;
      if (value < 0 || value == '\\' || value == '\n' || value == '\r') {
        out.append(c);
        at++;
      } else {
        out.append((char) value);
        at = digits + DIGITS;
      }
    }
    return out.toString();
  }

  private static int value(String source, int digits) {
    if (digits + DIGITS > source.length()) {
      return -1;
    }
    String hex = source.substring(digits, digits + DIGITS);
    return hex.chars().allMatch(c -> Character.digit(c, 16) >= 0) ? Integer.parseInt(hex, 16) : -1;
  }
}
