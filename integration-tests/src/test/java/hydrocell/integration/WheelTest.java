package hydrocell.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The wheel that {@code install/hydrocell wheel} packs, in an environment where nothing else is.
 */
class WheelTest {
  private static final long LIMIT_S = 600;

  @Test
  void aWheelIsAFullInstallThatWritesNothingWhereItLies() throws Exception {
    try (TestBench bench = TestBench.open();
        Stream<Path> files = Files.list(bench.project("install/target/wheel"))) {
      List<Path> wheels = files.filter(file -> file.toString().endsWith(".whl")).toList();
      assertEquals(1, wheels.size(), "run these tests by `install/hydrocell test`");
      bench.python(LIMIT_S, "wheel.py", wheels.getFirst());
    }
  }
}
