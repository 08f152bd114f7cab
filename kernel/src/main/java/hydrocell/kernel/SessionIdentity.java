package hydrocell.kernel;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.SessionKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Which session a kernel belongs to: that of the notebook's path, found through a registry in Anna,
 * or, without a path, one of its own. Immutable.
 *
 * @param owner whom it belongs to
 * @param path of the notebook, absolute; empty for a session without one
 * @param kernelId names the kernel
 */
record SessionIdentity(String owner, String path, String kernelId) {
  /** Reads what Jupyter says: a session name counts as a path only if it names a notebook. */
  static SessionIdentity of(
      @Nullable String jupyterSessionName, Path workingDirectory, String owner, String kernelId) {
    boolean notebook = jupyterSessionName != null && jupyterSessionName.endsWith(".ipynb");
    String path =
        notebook
            ? workingDirectory.resolve(jupyterSessionName).toAbsolutePath().normalize().toString()
            : "";
    return new SessionIdentity(owner, path, kernelId);
  }

  boolean isPrivate() {
    return path.isEmpty();
  }

  /** The id of a session that nobody has named otherwise. */
  String defaultId() {
    return isPrivate() ? SessionKeys.privateId(hash(kernelId)) : "n-" + hash(owner + "\0" + path);
  }

  /** The id that the registry has for the path; registered if it has none. */
  String resolve(AnnaClient anna) throws IOException {
    if (isPrivate()) {
      return defaultId();
    }
    Key key = SessionKeys.path(ownerHash(), hash(path));
    if (!(Backend.await(anna.get(key)).lattice() instanceof LwwRegister)) {
      LwwRegister mine =
          new LwwRegister(new Stamp(1, "first", 0), defaultId().getBytes(StandardCharsets.UTF_8));
      Backend.await(anna.merge(key, mine, Durability.LOG));
    }
    return Backend.await(anna.get(key)).lattice() instanceof LwwRegister register
        ? new String(register.value(), StandardCharsets.UTF_8)
        : defaultId();
  }

  /** Has the registry name another session for the path. */
  void register(AnnaClient anna, String id) throws IOException {
    Key key = SessionKeys.path(ownerHash(), hash(path));
    long counter =
        Backend.await(anna.get(key)).lattice() instanceof LwwRegister known
            ? known.stamp().counter()
            : 0;
    LwwRegister named =
        new LwwRegister(new Stamp(counter + 1, "opened", 0), id.getBytes(StandardCharsets.UTF_8));
    Backend.await(anna.merge(key, named, Durability.DISK));
  }

  /** The owner as keys spell it. */
  String ownerHash() {
    return hash(owner);
  }

  private static String hash(String text) {
    return Hashes.sha256(text).substring(0, 24);
  }
}
