package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import java.util.Arrays;
import java.util.List;
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

  /** Whether libraries are only looked for on this machine. */
  MAVEN_OFFLINE(
      "maven.offline", "true|false", "false", "whether libraries are only taken from this machine");

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
    String digits = typed.replaceAll("[_,]", "");
    boolean number = digits.matches("-?\\d{1,18}");
    if (!number || Long.parseLong(digits) < least || Long.parseLong(digits) > most) {
      throw new IllegalArgumentException("a number from %,d to %,d".formatted(least, most));
    }
    return Long.toString(Long.parseLong(digits));
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
