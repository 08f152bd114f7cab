package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.cell.local.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTest {
  @TempDir Path temp;

  private Path folder(String name) throws IOException {
    return Files.createDirectories(temp.resolve(name));
  }

  private Sandbox sandbox(Path home, List<Path> readable) throws IOException {
    Folders folders =
        Folders.of(Map.of("HYDROCELL_HOME", folder("home/.data").toString()), "Linux", home);
    return new Sandbox(folders, folders.run().resolve("anna.sock"), home, readable, true);
  }

  @Test
  void theHomeFolderIsNoNotebooksFolder() throws IOException {
    Path home = folder("home");
    Sandbox sandbox = sandbox(home, List.of());
    assertEquals("is the home folder, or holds it", sandbox.objection(home));
    assertEquals("is the home folder, or holds it", sandbox.objection(temp));
    assertEquals("is the node's own", sandbox.objection(folder("home/.data/anna")));
    assertNull(sandbox.objection(folder("home/notebooks")));
  }

  @Test
  void whatIsMountedBelowTheNotebooksFolderCannotBeMoved() throws IOException {
    Path notebook = folder("home/notebooks");
    Path program = folder("home/notebooks/tools/hydrocell");
    List<String> command =
        sandbox(folder("home"), List.of(program))
            .command(
                new Sandbox.Place(folder("scratch"), folder("run"), notebook), List.of("true"));
    Path between = notebook.resolve("tools");
    int held =
        Collections.indexOfSubList(
            command, List.of("--bind", between.toString(), between.toString()));
    int shown =
        Collections.indexOfSubList(
            command, List.of("--ro-bind", program.toString(), program.toString()));
    assertTrue(held > 0 && shown > held, command.toString());
  }
}
