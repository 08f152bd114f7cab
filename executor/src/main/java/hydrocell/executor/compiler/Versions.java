package hydrocell.executor.compiler;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Names definitions by their content: the hash of the definition and of everything that it refers
 * to, by the words in it. What is defined together is hashed together, so that definitions may
 * refer to each other; what was defined before counts by its class name.
 */
final class Versions {
  /** Raised when generated code changes its form: nothing compiled before is taken for the same. */
  private static final String FORMAT = "3";

  private static final int HASH_DIGITS = 12;

  private Versions() {}

  /**
   * The hash of one definition.
   *
   * @param key of the definition, such as {@code t:Point}
   * @param fresh sources of all definitions being made, by key
   * @param freshByWord keys of those by the word that refers to them
   * @param known class names of earlier definitions by the word that refers to them
   */
  static String of(
      String key,
      Map<String, String> fresh,
      Map<String, Set<String>> freshByWord,
      Map<String, Set<String>> known) {
    Map<String, String> reached = new TreeMap<>();
    Set<String> outside = new TreeSet<>();
    Deque<String> open = new ArrayDeque<>(Set.of(key));
    while (!open.isEmpty()) {
      String next = open.poll();
      String source = fresh.getOrDefault(next, "");
      if (reached.putIfAbsent(next, source) != null) {
        continue;
      }
      for (String word : CellSplitter.words(source)) {
        open.addAll(freshByWord.getOrDefault(word, Set.of()));
        if (!freshByWord.containsKey(word)) {
          outside.addAll(known.getOrDefault(word, Set.of()));
        }
      }
    }
    return hash(FORMAT, key, reached.toString(), outside.toString());
  }

  /** A short hash of texts. */
  static String hash(String... texts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((byte) (bytes.length >> 16));
        digest.update((byte) (bytes.length >> 8));
        digest.update((byte) bytes.length);
        digest.update(bytes);
      }
      return HexFormat.of().formatHex(digest.digest()).substring(0, HASH_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
