package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.cell.Dependency;
import hydrocell.cell.Entry;
import hydrocell.cell.message.Resolution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks, when a notebook is opened, whether its libraries are as it left them, and gets back those
 * that are not. Only for the shell's thread.
 */
final class MissingLibraries {
  private final Session session;
  private final Dependencies dependencies;
  private final StoredJars jars;
  private boolean checked;

  MissingLibraries(Session session, Dependencies dependencies, StoredJars jars) {
    this.session = session;
    this.dependencies = dependencies;
    this.jars = jars;
  }

  /**
   * Once after a resume: jars that are no longer on this machine are fetched again, and those that
   * have moved or changed come out of the store.
   *
   * @return a line for the user, or an empty one
   */
  String restore() {
    if (checked || !session.isOpen() || session.isTheirs()) {
      return "";
    }
    checked = true;
    List<String> lines = new ArrayList<>(restoreFiles());
    List<Dependency> missing =
        dependencies.all().stream()
            .filter(each ->
                !Dependencies.isFile(each) && !Files.exists(Path.of(each.artifact().path())))
            .toList();
    if (!missing.isEmpty()) {
      lines.add(
          fetchAgain(
              String.join(
                  ", ", missing.stream().map(each -> each.artifact().coordinates()).toList())));
    }
    return String.join("; ", lines);
  }

  private String fetchAgain(String names) {
    try {
      dependencies.fetchAgain();
      return "fetched again: " + names;
    } catch (IOException e) {
      return "these libraries are gone and cannot be fetched again (%s): %s"
          .formatted(e.getMessage(), names);
    }
  }

  /** Jars that have moved or changed come out of the store. */
  private List<String> restoreFiles() {
    List<String> lines = new ArrayList<>();
    List<Dependency> now = new ArrayList<>();
    for (Dependency each : dependencies.all()) {
      Dependency found = each;
      if (Dependencies.isFile(each)) {
        try {
          found = restored(each, lines);
        } catch (IOException | AnnaException e) {
          lines.add(
              "this library is not on this machine any more: %s (%s)"
                  .formatted(each.artifact().path(), e.getMessage()));
        }
      }
      now.add(found);
    }
    try {
      dependencies.replace(now);
    } catch (IOException | AnnaException e) {
      lines.add("the notebook's libraries could not be changed: " + e.getMessage());
    }
    return lines;
  }

  private Dependency restored(Dependency library, List<String> lines) throws IOException {
    Path path = Path.of(library.artifact().path());
    Entry entry = session.manifest().get(Dependency.name(library.artifact()));
    boolean there = Files.exists(path);
    String hash = library.artifact().sha256();
    if (there && (Files.isDirectory(path) || Hashes.sha256(path).equals(hash))) {
      jars.use(path);
      return library;
    }
    if (entry == null || entry.valueKey() == null) {
      if (there) {
        return library;
      }
      throw new IOException("it was not kept with the notebook");
    }
    Path copy = jars.fetch(library, entry, session.keys());
    if (!path.equals(copy)) {
      lines.add(
          "%s %s: the notebook goes on with the jar that it was given"
              .formatted(path, there ? "has changed" : "is not there any more"));
    }
    return new Dependency(
        new Resolution.Artifact(library.artifact().coordinates(), copy.toString(), hash),
        library.place(),
        library.wanted());
  }
}
