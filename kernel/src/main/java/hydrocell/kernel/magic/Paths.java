package hydrocell.kernel.magic;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;

/** Files and folders whose path begins as somebody typed it. */
public final class Paths {
  private static final int MAX_LISTED = 200;

  private Paths() {}

  /**
   * The paths in order; folders end with a slash, hidden files are there when a dot was typed, and
   * what cannot be listed has none. Names that a string of Java would have to escape are left out.
   *
   * @param typed as it is written, relative to the folder unless it begins with / or ~
   * @param foldersOnly whether files are left out
   */
  public static List<String> beginning(String typed, Path directory, boolean foldersOnly) {
    int slash = typed.lastIndexOf('/');
    String parent = typed.substring(0, slash + 1);
    String name = typed.substring(slash + 1);
    TreeSet<String> found = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder(parent, directory))) {
      for (Path entry : entries) {
        String text = entry.getFileName().toString();
        boolean wanted = text.startsWith(name) && (name.startsWith(".") || !text.startsWith("."));
        if (!wanted || text.contains("\"") || text.contains("\\")) {
          continue;
        }
        if (Files.isDirectory(entry)) {
          found.add(parent + text + "/");
        } else if (!foldersOnly) {
          found.add(parent + text);
        }
        if (found.size() >= MAX_LISTED) {
          break;
        }
      }
    } catch (IOException | InvalidPathException e) {
      // No such folder, or one that may not be read: there is nothing to propose.
      return List.of();
    }
    return List.copyOf(found);
  }

  private static Path folder(String parent, Path directory) {
    return parent.startsWith("~/")
        ? Path.of(System.getProperty("user.home", "")).resolve(parent.substring(2))
        : directory.resolve(parent);
  }
}
