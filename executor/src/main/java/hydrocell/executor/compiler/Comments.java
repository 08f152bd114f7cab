package hydrocell.executor.compiler;

/** Documentation comments, which {@link Token} leaves out. */
final class Comments {
  private Comments() {}

  /** The documentation comment directly before a place; empty when there is none. */
  static String before(String source, int place) {
    int end = place;
    while (end > 0 && Character.isWhitespace(source.charAt(end - 1))) {
      end--;
    }
    if (source.startsWith("*/", end - 2)) {
      int start = source.lastIndexOf("/*", end - 2);
      boolean documents = start >= 0 && source.startsWith("/**", start) && end - start > 4;
      return documents ? source.substring(start, end) : "";
    }
    int start = source.lastIndexOf('\n', end - 1) + 1;
    if (!source.substring(start, end).stripLeading().startsWith("///")) {
      return "";
    }
    while (start > 0) {
      int line = source.lastIndexOf('\n', start - 2) + 1;
      if (!source.substring(line, start).stripLeading().startsWith("///")) {
        break;
      }
      start = line;
    }
    return source.substring(start, end).strip();
  }
}
