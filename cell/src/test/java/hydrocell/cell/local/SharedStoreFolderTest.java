package hydrocell.cell.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedStoreFolderTest {
  private static final String OPEN = "rwxr-xr-x";
  private static final String PRIVATE = "rwx------";

  @TempDir Path temp;

  private static String permissions(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }

  @Test
  void onlyAFolderOfItsOwnIsOpenedToEverybody() throws IOException {
    Path made = temp.resolve("new/store");
    for (int i = 0; i < 2; i++) {
      assertEquals(made, SharedStore.makeFolder(made));
      assertEquals(OPEN, permissions(made));
      Files.writeString(made.resolve("settings.properties"), "person.quota = 1g");
    }
    Path home = Files.createDirectory(temp.resolve("home"));
    Files.setPosixFilePermissions(home, PosixFilePermissions.fromString(PRIVATE));
    Files.writeString(home.resolve(".profile"), "");
    IOException refused = assertThrows(IOException.class, () -> SharedStore.makeFolder(home));
    assertTrue(String.valueOf(refused.getMessage()).contains(".profile"), refused.getMessage());
    assertEquals(PRIVATE, permissions(home));
  }
}
