package hydrocell.executor.state;

import hydrocell.cell.message.CompileRequest.Library;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * The classes of a session's libraries. They see the JDK, each other and {@code hydrocell.api}.
 * Thread-safe.
 */
final class Libraries extends URLClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final Set<Library> known = new HashSet<>();

  Libraries() {
    super("libraries", new URL[0], ClassLoader.getPlatformClassLoader());
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    return name.startsWith("hydrocell.api.")
        ? Libraries.class.getClassLoader().loadClass(name)
        : super.findClass(name);
  }

  /** Puts those behind the others that are not there yet; whether there were any. */
  synchronized boolean add(Collection<Library> libraries) {
    boolean more = false;
    for (Library library : libraries) {
      if (known.add(library)) {
        more = true;
        try {
          addURL(new File(library.path()).toURI().toURL());
        } catch (MalformedURLException e) {
          throw new IllegalArgumentException("not a path: " + library.path(), e);
        }
      }
    }
    return more;
  }
}
