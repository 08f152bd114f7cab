package hydrocell.cell.local;

import hydrocell.cell.Limit;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the operator of a machine has written into {@code DATA/settings.properties}; listed in
 * {@code docs/OPERATING.md}. Read when the local node starts. Immutable once read, but for the list
 * of what was asked for; used by one thread.
 */
public final class Settings {
  private final Path file;
  private final Properties values;
  private final Set<String> known = new TreeSet<>();

  private Settings(Path file, Properties values) {
    this.file = file;
    this.values = values;
  }

  /** Reads the file; without one everything has its default. */
  public static Settings read(Path file) throws IOException {
    Properties values = new Properties();
    if (Files.exists(file)) {
      try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
        values.load(reader);
      } catch (IllegalArgumentException e) {
        throw new IOException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
      }
    }
    return new Settings(file, values);
  }

  /** Nothing set. */
  public static Settings none() {
    return new Settings(Path.of("settings.properties"), new Properties());
  }

  /** A text; {@code otherwise} when it is not set. */
  public String text(String name, String otherwise) {
    known.add(name);
    String value = values.getProperty(name);
    return value == null || value.isBlank() ? otherwise : value.strip();
  }

  /** One of some words. */
  public String word(String name, String otherwise, String... words) throws IOException {
    String value = text(name, otherwise);
    for (String word : words) {
      if (word.equals(value)) {
        return value;
      }
    }
    throw refused(name, value, "one of " + String.join(", ", words));
  }

  /** A number, with {@code k}, {@code m}, {@code g} for powers of 1,024. */
  public long number(String name, long otherwise, long least, long most) throws IOException {
    String value = text(name, "");
    if (value.isEmpty()) {
      return otherwise;
    }
    Long number = Limit.read(value);
    if (number == null || number < least || number > most) {
      throw refused(name, value, "a number from %,d to %,d".formatted(least, most));
    }
    return number;
  }

  private IOException refused(String name, String value, String wanted) {
    return new IOException("%s: %s is %s, not '%s'".formatted(file, name, wanted, value));
  }

  /** Names in the file that nobody has asked for: misspelled ones. */
  public Set<String> unknown() {
    Set<String> left = new TreeSet<>(values.stringPropertyNames());
    left.removeAll(known);
    return left;
  }
}
