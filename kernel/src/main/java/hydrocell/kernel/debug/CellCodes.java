package hydrocell.kernel.debug;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The codes of cells by the paths that front ends know them by: those that a front end showed, that
 * ran, or that the history has. Keeps the newest.
 */
final class CellCodes {
  /** Of the paths; no file lies there. The same in every kernel, as front ends expect. */
  static final String PREFIX = "/hydrocell/cell_";

  static final String SUFFIX = ".java";
  static final int SEED = 0x5eed;

  private static final int MAX_CODES = 2_000;

  private final Map<String, String> byPath =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MAX_CODES;
        }
      };

  /** The path of a code, also of one that is not known. */
  static String pathOf(String code) {
    return PREFIX + CellHash.of(code, SEED) + SUFFIX;
  }

  /** Makes a code known as the newest; its path. */
  String add(String code) {
    String path = pathOf(code);
    byPath.put(path, code);
    return path;
  }

  /** Makes a code known as the oldest, unless it is known. */
  void addOlder(String code) {
    Map<String, String> known = new LinkedHashMap<>(byPath);
    byPath.clear();
    byPath.put(pathOf(code), code);
    byPath.putAll(known);
  }

  /** The code of a path; null when it is not known. */
  @Nullable String get(String path) {
    return byPath.get(path);
  }

  /** The path of the newest code that holds a text; null when none does. */
  @Nullable String newestWith(String text) {
    List<String> paths = new ArrayList<>(byPath.keySet());
    for (String path : paths.reversed()) {
      if (lineOf(text, path) > 0) {
        return path;
      }
    }
    return null;
  }

  /** The line of a path's code on which a text begins; 0 when it is not there. */
  int lineOf(String text, String path) {
    String code = byPath.getOrDefault(path, "");
    int at = text.isEmpty() ? -1 : code.indexOf(text);
    return at < 0 ? 0 : 1 + lineBreaks(code, at);
  }

  /** How many lines begin before a place of a text, the first one not counted. */
  static int lineBreaks(String text, int end) {
    return (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
  }

  /**
   * The line at which a program can stop: the first one from here on that is more than space, a
   * comment or brackets; the line itself when the code is not known or nothing follows.
   */
  int stoppingLine(String path, int line) {
    String code = byPath.get(path);
    if (code == null) {
      return line;
    }
    List<String> lines = code.lines().toList();
    for (int at = line; at >= 1 && at <= lines.size(); at++) {
      String text = lines.get(at - 1).strip();
      if (!text.matches("[{}()\\[\\];,]*") && !text.matches("(//|/\\*|\\*).*")) {
        return at;
      }
    }
    return line;
  }
}
