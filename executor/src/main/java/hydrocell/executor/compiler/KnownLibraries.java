package hydrocell.executor.compiler;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Well-known libraries by their packages and classes, listed in {@code libraries.txt}. */
final class KnownLibraries {
  private static final Map<String, String> BY_PACKAGE = new LinkedHashMap<>();
  private static final Map<String, String> BY_CLASS = new LinkedHashMap<>();

  static {
    read("libraries.txt")
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> List.of(line.split(" ")))
        .forEach(words -> {
          BY_PACKAGE.put(words.get(0), words.get(1));
          words.subList(2, words.size()).forEach(name -> BY_CLASS.put(name, words.get(1)));
        });
  }

  private KnownLibraries() {}

  private static String read(String name) {
    try (InputStream in = KnownLibraries.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing beside " + KnownLibraries.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Coordinates of the library with this package or one above it; null when none is known. */
  static @Nullable String ofPackage(String name) {
    return BY_PACKAGE.entrySet().stream()
        .filter(each -> name.equals(each.getKey()) || name.startsWith(each.getKey() + "."))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(null);
  }

  /** Coordinates of the library that is known for a class of this simple name; null for none. */
  static @Nullable String ofClass(String simpleName) {
    return BY_CLASS.get(simpleName);
  }
}
