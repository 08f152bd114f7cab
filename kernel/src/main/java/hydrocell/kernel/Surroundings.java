package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Working directory and environment of a notebook's cells: the kernel's own, changed by settings of
 * the session. The same on every executor; a change needs a fresh one. Only for the shell's thread.
 */
public final class Surroundings {
  private static final Name DIRECTORY = new Name(Kind.SETTING, "directory");
  private static final String VARIABLE = "env:";

  private final Session session;
  private final CellPipeline pipeline;

  Surroundings(Session session, CellPipeline pipeline) {
    this.session = session;
    this.pipeline = pipeline;
  }

  /** Where the cells of a session run. */
  static Path directory(Manifest manifest) {
    Entry entry = manifest.get(DIRECTORY);
    return Path.of(entry == null ? System.getProperty("user.dir", ".") : entry.symbol().type());
  }

  /** Where this kernel was started: the folder of its notebook. */
  static String notebookFolder() {
    return System.getProperty("user.dir", "");
  }

  /** The environment in which the cells of a session run. */
  static Map<String, String> environment(Manifest manifest) {
    Map<String, String> all = new TreeMap<>(System.getenv());
    for (Entry entry : manifest.entries()) {
      String text = entry.name().text();
      if (entry.name().kind() == Kind.SETTING && text.startsWith(VARIABLE)) {
        all.put(text.substring(VARIABLE.length()), entry.symbol().type());
      }
    }
    return all;
  }

  /** Where this notebook's cells run. */
  public Path directory() {
    return directory(session.manifest());
  }

  /** The environment of this notebook's cells. */
  public Map<String, String> environment() {
    return environment(session.manifest());
  }

  /** Lets the cells run in another folder. */
  public void enter(Path directory) throws IOException {
    set(Symbol.plain(DIRECTORY, directory.toString()));
  }

  /** Sets a variable of the environment. */
  public void set(String variable, String value) throws IOException {
    set(Symbol.plain(new Name(Kind.SETTING, VARIABLE + variable), value));
  }

  private void set(Symbol setting) throws IOException {
    session.set(setting);
    pipeline.release();
  }
}
