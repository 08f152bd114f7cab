package hydrocell.install;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeLockTest {
  private static final Machine HERE = new Machine("here", "boot-1", 11);

  @TempDir Path folder;

  @Test
  void theSecondToAskGivesWayAndTheNextAfterTheFirstEndedGetsIt() throws IOException {
    Path file = folder.resolve("node.lock");
    try (NodeLock first = NodeLock.take(file, HERE, false)) {
      assertNotNull(first);
      assertNull(NodeLock.take(file, HERE, false));
    }
    try (NodeLock next = NodeLock.take(file, HERE, false)) {
      assertNotNull(next);
    }
  }

  @Test
  void theLockOfADeadProcessIsTakenOver() throws IOException {
    Path file = folder.resolve("node.lock");
    Files.writeString(file, "host=here\nboot=boot-0\npid=999999999\n");
    try (NodeLock lock = NodeLock.take(file, HERE, false)) {
      assertNotNull(lock);
      assertTrue(Files.readString(file).contains("boot=boot-1"));
    }
    assertEquals(0, Files.size(file));
  }

  @Test
  void onANetworkFileSystemAnotherMachineIsRefusedAndNamed() throws IOException {
    Path file = folder.resolve("node.lock");
    Files.writeString(file, "host=there\nboot=boot-9\npid=12\n");
    IOException refused = assertThrows(IOException.class, () -> NodeLock.take(file, HERE, true));
    assertTrue(refused.getMessage().contains("a node on there (process 12)"), refused.getMessage());
    assertTrue(Files.readString(file).contains("host=there"));
  }

  @Test
  void onANetworkFileSystemThisMachineAfterACrashIsNotRefused() throws IOException {
    Path file = folder.resolve("node.lock");
    Files.writeString(file, "host=other-name\nboot=boot-1\npid=12\n");
    try (NodeLock lock = NodeLock.take(file, HERE, true)) {
      assertNotNull(lock);
    }
  }
}
