package hydrocell.anna;

import java.nio.charset.StandardCharsets;

/**
 * A key of Anna: text of 1 to 1,024 bytes in UTF-8, segments divided by {@code /}. Immutable.
 *
 * @param text the whole key
 */
public record Key(String text) implements Comparable<Key> {
  /** The longest key, in bytes of UTF-8. */
  public static final int MAX_BYTES = 1024;

  /** Checks the length. */
  public Key {
    // A char takes three bytes at most, so a short text need not be encoded to be measured.
    int length = text.length();
    if (length > MAX_BYTES / 3) {
      length = text.getBytes(StandardCharsets.UTF_8).length;
    }
    if (length == 0 || length > MAX_BYTES) {
      throw new IllegalArgumentException("a key of " + length + " bytes; 1.." + MAX_BYTES);
    }
  }

  /** A key from its segments. */
  public static Key of(String... segments) {
    return new Key(String.join("/", segments));
  }

  @Override
  public int compareTo(Key other) {
    return text.compareTo(other.text);
  }

  @Override
  public String toString() {
    return text;
  }
}
