package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real jars, and the descriptors by which this process holds them open. */
final class ClassPathsTest {
  @TempDir Path folder;

  private Path jar(int number) throws IOException {
    Path jar = folder.resolve("library-" + number + ".jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("p" + number + "/Type.class"));
      out.write(new byte[] {1});
    }
    return jar;
  }

  private long held() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(this::isOurs).count();
    }
  }

  private boolean isOurs(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).startsWith(folder);
    } catch (IOException e) {
      // It was that of the listing.
      return false;
    }
  }

  private static int typesIn(JavaFileManager files, int number) {
    try {
      int count = 0;
      for (JavaFileObject each :
          files.list(
              StandardLocation.CLASS_PATH,
              "p" + number,
              Set.of(JavaFileObject.Kind.CLASS),
              false)) {
        assertTrue(each.getName().contains("Type"));
        count++;
      }
      return count;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void thoseUsedLastAreKeptAndTheOthersClosed() throws Exception {
    ClassPaths paths = new ClassPaths(ToolProvider.getSystemJavaCompiler(), folder, false);
    for (int i = 0; i < 3 * ClassPaths.KEPT; i++) {
      int number = i;
      List<Path> libraries = List.of(jar(i));
      assertEquals(1, paths.<Integer>use(libraries, (files, tasks) -> typesIn(files, number)));
    }
    assertEquals(ClassPaths.KEPT, held());
    List<Path> first = List.of(folder.resolve("library-0.jar"));
    assertEquals(1, paths.<Integer>use(first, (files, tasks) -> typesIn(files, 0)));
    paths.abandon();
    assertEquals(0, held());
  }

  @Test
  void whatIsInUseIsClosedAtItsEnd() throws Exception {
    ClassPaths paths = new ClassPaths(ToolProvider.getSystemJavaCompiler(), folder, false);
    List<Path> libraries = List.of(jar(1));
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> go = new CompletableFuture<>();
    CompletableFuture<Integer> used =
        CompletableFuture.supplyAsync(() ->
            paths.use(
                libraries,
                (files, tasks) -> {
                  begun.complete(null);
                  go.join();
                  return typesIn(files, 1);
                }));
    begun.join();
    paths.abandon();
    go.complete(null);
    assertEquals(1, used.join());
    assertEquals(0, held());
    assertThrows(
        IllegalStateException.class,
        () ->
            paths.use(
                libraries,
                (files, tasks) -> {
                  throw new IllegalStateException("a failure leaves no lock");
                }));
    assertEquals(1, paths.<Integer>use(libraries, (files, tasks) -> typesIn(files, 1)));
  }
}
