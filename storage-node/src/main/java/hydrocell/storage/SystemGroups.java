package hydrocell.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * The groups that {@code id} tells. Names of groups may have blanks ("domain users"): {@code id} of
 * GNU parts them by NUL, and where it cannot, who is in such a group is in none.
 */
final class SystemGroups {
  private static final long ANSWER_LIMIT_S = 10;

  private SystemGroups() {}

  /**
   * The groups of a person. That {@code id} fails says nothing where it told some: it does so when
   * one of them has no name.
   *
   * @throws IOException when it told none
   */
  static Set<String> of(String person) throws IOException, InterruptedException {
    // Asks for what needs no directory.
    if (!said("id", "-uz").isEmpty()) {
      return named(said("id", "-Gnz", "--", person).split("\0"), person);
    }
    String[] names = said("id", "-Gn", "--", person).strip().split("\\s+");
    String[] numbers = said("id", "-G", "--", person).strip().split("\\s+");
    if (names.length != numbers.length) {
      throw new IOException("the name of one has a blank, which takes the `id` of GNU coreutils");
    }
    return named(names, person);
  }

  private static Set<String> named(String[] names, String person) throws IOException {
    Set<String> named = new TreeSet<>(List.of(names));
    named.remove("");
    if (named.isEmpty()) {
      throw new IOException("`id` tells none of " + person);
    }
    return named;
  }

  private static String said(String... command) throws IOException, InterruptedException {
    Process id = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    id.getOutputStream().close();
    try {
      if (!id.waitFor(ANSWER_LIMIT_S, TimeUnit.SECONDS)) {
        throw new IOException("the system did not say in time");
      }
      return new String(id.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } finally {
      id.destroyForcibly();
    }
  }
}
