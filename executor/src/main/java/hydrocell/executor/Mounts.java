package hydrocell.executor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a sandbox sees of the file system, as arguments for bubblewrap: whatever is not named here
 * is not there. Folders come before what is in them, whichever was named first. Used by one thread.
 */
final class Mounts {
  /** How a place is filled. */
  private enum Kind {
    /** A file or folder of the machine, to be read. */
    READ("--ro-bind"),
    /** The same, to be written to as well. */
    WRITE("--bind"),
    /** An empty folder that stays empty, whatever the machine has there. */
    EMPTY("--tmpfs"),
    /** An empty folder in memory, to be written to, of a bounded size. */
    MEMORY("--tmpfs");

    final String option;

    Kind(String option) {
      this.option = option;
    }
  }

  /** A folder in memory, as large as the names in an empty one need. */
  private static final long NAMES_BYTES = 1 << 20;

  private record Mount(Kind kind, Path source, long bytes) {}

  private final Map<Path, Mount> mounts =
      new TreeMap<>(
          Comparator.comparingInt(Path::getNameCount).thenComparing(Comparator.naturalOrder()));

  Mounts read(Path path) {
    return put(path, new Mount(Kind.READ, path, 0));
  }

  Mounts write(Path path) {
    return write(path, path);
  }

  /** Shows {@code source} at {@code path}. */
  Mounts write(Path source, Path path) {
    return put(path, new Mount(Kind.WRITE, source, 0));
  }

  Mounts empty(Path path) {
    return put(path, new Mount(Kind.EMPTY, path, NAMES_BYTES));
  }

  Mounts memory(Path path, long bytes) {
    return put(path, new Mount(Kind.MEMORY, path, bytes));
  }

  /** All that another one has, too. */
  Mounts all(Mounts other) {
    mounts.putAll(other.mounts);
    return this;
  }

  /**
   * Keeps all that is mounted below a folder where it is: a folder on the way to it that could be
   * renamed would show the next one that comes what is hidden, or another program; one that
   * something is mounted on cannot.
   */
  Mounts holdAll(Path writable) {
    for (Path mounted : List.copyOf(mounts.keySet())) {
      Path each = mounted.startsWith(writable) ? mounted.getParent() : null;
      while (each != null && !each.equals(writable) && each.startsWith(writable)) {
        mounts.putIfAbsent(each, new Mount(Kind.WRITE, each, 0));
        each = each.getParent();
      }
    }
    return this;
  }

  private Mounts put(Path path, Mount mount) {
    mounts.put(path, mount);
    return this;
  }

  /** The arguments. */
  List<String> arguments() {
    List<String> arguments = new ArrayList<>();
    List<String> closed = new ArrayList<>();
    mounts.forEach((path, mount) -> {
      if (mount.kind == Kind.READ && isRead(path.getParent())) {
        return;
      }
      if (mount.bytes > 0) {
        arguments.addAll(List.of("--size", Long.toString(mount.bytes)));
        arguments.addAll(List.of(mount.kind.option, path.toString()));
      } else {
        arguments.addAll(List.of(mount.kind.option, mount.source.toString(), path.toString()));
      }
      if (mount.kind == Kind.EMPTY) {
        // Only once what is in it has its place.
        closed.addAll(List.of("--remount-ro", path.toString()));
      }
    });
    arguments.addAll(closed);
    return arguments;
  }

  /** Whether what is here can be read anyway, because a folder around it can. */
  private boolean isRead(@Nullable Path path) {
    for (Path each = path; each != null; each = each.getParent()) {
      Mount mount = mounts.get(each);
      if (mount != null) {
        return mount.kind == Kind.READ;
      }
    }
    return false;
  }
}
