package hydrocell.cell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.local.Installation.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallationTest {
  @Test
  void anInstalledCopyIsStartedByItsArgumentFile(@TempDir Path folder) throws IOException {
    Files.createFile(folder.resolve("node.args"));
    List<String> command = new Installation(folder).command(Role.NODE);
    assertEquals("@" + folder.resolve("node.args"), command.get(1));
    assertEquals(2, command.size());
  }

  @Test
  void withoutACopyTheClassPathOfThisProcessIsUsed() {
    List<String> command = new Installation(null).command(Role.EXECUTOR);
    assertTrue(command.containsAll(Installation.flags(Role.EXECUTOR)));
    assertEquals(Role.EXECUTOR.mainClass(), command.getLast());
    assertEquals(System.getProperty("java.class.path"), command.get(command.indexOf("-cp") + 1));
  }
}
