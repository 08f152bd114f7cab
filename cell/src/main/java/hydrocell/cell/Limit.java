package hydrocell.cell;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a notebook's executor may use at most. A notebook asks for other values than the machine's
 * with {@code %config SPELLING VALUE}; the operator of the machine sets bounds in its settings file
 * ({@code SPELLING} what there is by default, {@code SPELLING.max} the most that is given).
 */
public enum Limit {
  /** Bytes of Java heap. */
  HEAP("heap.limit", true),
  /** Bytes of memory outside the heap: buffers, threads, classes, native libraries, children. */
  NATIVE("native.limit", true),
  /** Processors. */
  CPU("cpu.limit", false),
  /** Threads and processes. */
  THREADS("threads.limit", false),
  /** Open files and sockets of one process. */
  FILES("files.limit", false),
  /** Bytes in the temporary folder. */
  SCRATCH("scratch.limit", true),
  /** Bytes of output of one cell. */
  OUTPUT("output.limit", true);

  private static final long KB = 1 << 10;

  private final String spelling;
  private final boolean bytes;

  Limit(String spelling, boolean bytes) {
    this.spelling = spelling;
    this.bytes = bytes;
  }

  /** How it is spelled in {@code %config} and in the settings file. */
  public String spelling() {
    return spelling;
  }

  /** The limit that is spelled so; null when there is none. */
  public static @Nullable Limit spelled(String spelling) {
    for (Limit each : values()) {
      if (each.spelling.equals(spelling)) {
        return each;
      }
    }
    return null;
  }

  /** An amount of it, for people. */
  public String show(long amount) {
    if (!bytes) {
      return String.format(Locale.ROOT, "%,d", amount);
    }
    return amount >= 10 * KB * KB
        ? String.format(Locale.ROOT, "%,d MB", amount / KB / KB)
        : String.format(Locale.ROOT, "%,d KB", amount / KB);
  }

  /** What a user who hits it should know. */
  public String advice(long amount) {
    return "the limit %s is %s here; `%%config %s VALUE` asks for another"
        .formatted(spelling, show(amount), spelling);
  }

  /**
   * Reads an amount such as {@code 500}, {@code 1_000}, {@code 4g} or {@code 512 MB}.
   *
   * @return null when it is none
   */
  public static @Nullable Long read(String typed) {
    String text = typed.strip().toLowerCase(Locale.ROOT).replaceAll("[_,\\s]", "");
    if (!text.matches("\\d{1,18}(?:[kmgt]?b?)")) {
      return null;
    }
    String digits = text.replaceAll("\\D", "");
    String unit = text.substring(digits.length()).replace("b", "");
    long factor = unit.isEmpty() ? 1 : 1L << (10 * ("kmgt".indexOf(unit) + 1));
    long number = Long.parseLong(digits);
    return number > Long.MAX_VALUE / factor ? null : (Long) (number * factor);
  }
}
