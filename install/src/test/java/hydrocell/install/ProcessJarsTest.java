package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.local.Installation.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which order jars are looked into. */
final class ProcessJarsTest {
  @TempDir Path lib;

  @Test
  void ownJarsStandBeforeLibraries() throws Exception {
    for (String jar :
        List.of(
            "anna-client-0.1.0.jar",
            "cell-0.1.0.jar",
            "executor-0.1.0.jar",
            "jackson-core-2.22.4.jar",
            "jeromq-0.6.0.jar",
            "kernel-0.1.0.jar",
            "slf4j-api-2.0.20.jar")) {
      Files.createFile(lib.resolve(jar));
    }
    List<String> kernel =
        ProcessJars.of(Role.KERNEL, lib).stream().map(jar -> jar.getFileName().toString()).toList();
    assertEquals(
        List.of("anna-client-0.1.0.jar", "cell-0.1.0.jar", "kernel-0.1.0.jar"),
        kernel.subList(0, 3));
    assertTrue(kernel.contains("jeromq-0.6.0.jar"), "the library whose class the kernel replaces");
  }
}
