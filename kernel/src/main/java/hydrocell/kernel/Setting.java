package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Limit;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code %config} shows and sets: one constant a setting, and nothing else to add for a new
 * one. A setting is part of its notebook's state; who needs it asks it of the manifest, each time
 * anew.
 */
public enum Setting {
  /** After how many bytes a cell's output is cut. */
  OUTPUT_LIMIT(
      "output.limit",
      "1000..1099511627776",
      "10485760",
      "bytes of output after which a cell's output is cut"),

  /** Java heap. */
  HEAP_LIMIT(
      Limit.HEAP.spelling(), Setting.AMOUNT, Setting.MACHINES, "bytes of Java heap for cells"),

  /** Memory outside the heap. */
  NATIVE_LIMIT(
      Limit.NATIVE.spelling(),
      Setting.AMOUNT,
      Setting.MACHINES,
      "bytes of memory outside the heap: buffers, threads, native libraries"),

  /** Processors. */
  CPU_LIMIT(Limit.CPU.spelling(), Setting.AMOUNT, Setting.MACHINES, "processors that cells use"),

  /** Threads and processes. */
  THREADS_LIMIT(
      Limit.THREADS.spelling(),
      Setting.AMOUNT,
      Setting.MACHINES,
      "threads and processes that cells may have at once"),

  /** Open files. */
  FILES_LIMIT(
      Limit.FILES.spelling(),
      Setting.AMOUNT,
      Setting.MACHINES,
      "files and sockets that cells may have open"),

  /** Temporary files. */
  SCRATCH_LIMIT(
      Limit.SCRATCH.spelling(),
      Setting.AMOUNT,
      Setting.MACHINES,
      "bytes of temporary files; they go with the executor"),

  /** Whether a result is shown with its expression. */
  RESULT_NAMES(
      "result.names",
      "true|false",
      "false",
      "whether a result's text is shown with its expression, as in x = 3"),

  /** Whether libraries are only looked for on this machine. */
  MAVEN_OFFLINE(
      "maven.offline", "true|false", "false", "whether libraries are only taken from this machine"),

  /** Whether cells may use preview features of the language and the JDK. */
  PREVIEW("preview", "true|false", "false", "whether cells may use Java's preview features"),

  /** Whether cells run beside those after them. */
  ASYNC(
      "async",
      "off|auto",
      "off",
      "auto runs cells that touch nothing but names beside those after them"),

  /** In how many executors asynchronous cells run at most, beside that of the others. */
  ASYNC_EXECUTORS("async.executors", "1..64", "4", "how many asynchronous cells run side by side");

  /** What limits of executors take: the machine's operator says how much there is. */
  private static final String AMOUNT = "1..1099511627776";

  /** The default of limits: whatever the machine gives. */
  private static final String MACHINES = "machine";

  private static final String PREFIX = "config:";
  private static final String TO = "..";

  private final String spelling;
  private final String takes;
  private final String initial;
  private final String meaning;

  /**
   * A setting.
   *
   * @param spelling in lower case, with dots
   * @param takes words with bars between them, or the least and the largest number with two dots
   * @param initial the value before anybody sets it
   * @param meaning what it is for, in a line
   */
  Setting(String spelling, String takes, String initial, String meaning) {
    this.spelling = spelling;
    this.takes = takes;
    this.initial = initial;
    this.meaning = meaning;
  }

  /** The setting that is spelled so; null when there is none. */
  public static @Nullable Setting spelled(String spelling) {
    return Arrays.stream(values())
        .filter(each -> each.spelling.equals(spelling))
        .findFirst()
        .orElse(null);
  }

  /** How all of them are spelled. */
  public static List<String> spellings() {
    return Arrays.stream(values()).map(Setting::spelling).toList();
  }

  /** How it is spelled, in lower case with dots. */
  public String spelling() {
    return spelling;
  }

  /** The value that it has before anybody sets it. */
  public String initial() {
    return initial;
  }

  /** What it is for, in a line. */
  public String meaning() {
    return meaning;
  }

  /** The values that it takes, as the table above spells them. */
  public String takes() {
    return takes;
  }

  /** The words that it takes; none when it is a number. */
  public List<String> words() {
    return takes.contains(TO) ? List.of() : List.of(takes.split("\\|"));
  }

  /**
   * Reads a value that somebody typed; what is kept of it.
   *
   * @throws IllegalArgumentException says which values there are
   */
  public String read(String typed) {
    List<String> words = words();
    if (words.contains(typed)) {
      return typed;
    }
    if (!words.isEmpty()) {
      throw new IllegalArgumentException("one of " + String.join(", ", words));
    }
    int to = takes.indexOf(TO);
    long least = Long.parseLong(takes.substring(0, to));
    long most = Long.parseLong(takes.substring(to + TO.length()));
    Long number = Limit.read(typed);
    if (number == null || number < least || number > most) {
      throw new IllegalArgumentException("a number from %,d to %,d".formatted(least, most));
    }
    return number.toString();
  }

  /** Whether it takes effect only in an executor that is leased afterwards. */
  public boolean needsFreshExecutor() {
    return initial.equals(MACHINES);
  }

  /** What a notebook asks for of the machine's limits, by their spelling. */
  static Map<String, Long> limitsIn(Manifest manifest) {
    Map<String, Long> asked = new LinkedHashMap<>();
    for (Setting each : values()) {
      String value = each.needsFreshExecutor() ? each.in(manifest) : MACHINES;
      if (!value.equals(MACHINES)) {
        asked.put(each.spelling, Long.parseLong(value));
      }
    }
    return asked;
  }

  /** Its name in a manifest. */
  public Name manifestName() {
    return new Name(Kind.SETTING, PREFIX + spelling);
  }

  /** Its value in a notebook. */
  public String in(Manifest manifest) {
    Entry entry = manifest.get(manifestName());
    return entry == null ? initial : entry.symbol().type();
  }

  /** Its value in a notebook, as a number. */
  public long numberIn(Manifest manifest) {
    return Long.parseLong(in(manifest));
  }

  /** Whether it is {@code true} in a notebook. */
  public boolean isOn(Manifest manifest) {
    return in(manifest).equals("true");
  }
}
