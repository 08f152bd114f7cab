package hydrocell.executor.compiler;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The class paths that cells are compiled against: of each its open files, and javac's contexts
 * that know them. Those used last are kept, as each takes some megabytes and a hub sees many.
 * Thread-safe; one thread at a time works on a class path.
 */
final class ClassPaths {
  private static final Logger LOG = LoggerFactory.getLogger(ClassPaths.class);

  /** How many are kept. */
  static final int KEPT = 8;

  private final JavaCompiler compiler;
  private final Path api;
  private final boolean processing;
  private final Map<List<Path>, Place> places = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * None yet.
   *
   * @param api is on every class path
   * @param processing whether annotation processors of the libraries run
   */
  ClassPaths(JavaCompiler compiler, Path api, boolean processing) {
    this.processing = processing;
    this.compiler = compiler;
    this.api = api;
  }

  /** One class path. Its lock also guards whether its files are closed. */
  private static final class Place {
    private final StandardJavaFileManager files;
    private final TaskPool tasks;
    private final ReentrantLock turn = new ReentrantLock();
    private volatile boolean retired;
    private boolean closed;

    Place(StandardJavaFileManager files, TaskPool tasks) {
      this.files = files;
      this.tasks = tasks;
    }

    /** Nobody else begins to use it; who uses it closes it at his end. */
    void retire() {
      retired = true;
      closeIfRetired();
    }

    void closeIfRetired() {
      if (retired && turn.tryLock()) {
        try {
          if (!closed) {
            closed = true;
            files.close();
          }
        } catch (IOException e) {
          LOG.warn("the files of a class path cannot be closed", e);
        } finally {
          turn.unlock();
        }
      }
    }
  }

  /** Works with a class path's files and contexts, which must not be kept. */
  <T> T use(List<Path> libraries, BiFunction<StandardJavaFileManager, TaskPool, T> work) {
    while (true) {
      Place place = place(libraries);
      place.turn.lock();
      try {
        if (!place.closed) {
          return work.apply(place.files, place.tasks);
        }
      } finally {
        place.turn.unlock();
        place.closeIfRetired();
      }
    }
  }

  private Place place(List<Path> libraries) {
    List<Place> old = new ArrayList<>();
    Place found;
    synchronized (places) {
      found = places.get(libraries);
      if (found == null) {
        found = open(libraries);
        places.put(List.copyOf(libraries), found);
        while (places.size() > KEPT) {
          old.add(places.remove(places.keySet().iterator().next()));
        }
      }
    }
    old.forEach(Place::retire);
    return found;
  }

  private Place open(List<Path> libraries) {
    StandardJavaFileManager files = compiler.getStandardFileManager(null, Locale.ROOT, null);
    List<Path> classPath = new ArrayList<>(libraries);
    classPath.add(api);
    try {
      files.setLocationFromPaths(StandardLocation.CLASS_PATH, classPath);
      if (processing) {
        files.setLocationFromPaths(StandardLocation.ANNOTATION_PROCESSOR_PATH, libraries);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the class path " + classPath, e);
    }
    return new Place(files, new TaskPool(compiler, !processing));
  }

  /** Somebody's work does not come back: others begin with files and contexts of their own. */
  void abandon() {
    List<Place> old;
    synchronized (places) {
      old = List.copyOf(places.values());
      places.clear();
    }
    old.forEach(Place::retire);
  }
}
