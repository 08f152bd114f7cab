package hydrocell.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.SessionKeys;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Data that an earlier build wrote, kept in the test's resources, opens under this one. */
class UpgradeTest {
  private static final byte[] SECRET = {1};
  private static final long LIMIT_S = 180;

  @Test
  void aDataFolderOfAnEarlierBuildOpens() throws Exception {
    try (TestBench bench = TestBench.open()) {
      Path home = Files.createDirectories(bench.home().resolve("h"));
      Path archive = bench.project("integration-tests/src/test/resources/data-0.1.0.tar.gz");
      Process unpacked =
          new ProcessBuilder("tar", "xzf", archive.toString(), "-C", home.toString())
              .inheritIO()
              .start();
      assertEquals(0, unpacked.waitFor());
      Path folder = Files.createDirectories(bench.home().resolve("n"));
      takeOver(home.resolve("anna"), folder.resolve("notebook.ipynb"));
      bench.python(LIMIT_S, "upgrade.py", folder);
    }
  }

  /** The only notebook of a store gets another path and this user as its owner. */
  private static void takeOver(Path store, Path notebook) throws Exception {
    Endpoint endpoint = Endpoint.tcp("127.0.0.1", 0);
    try (StorageNode node = StorageNode.start(StorageConfig.local(store, endpoint, SECRET));
        AnnaClient anna = NodeClient.connect(node.endpoint(), "test", SECRET)) {
      List<Key> paths = anna.scan("path/", null, 10).get(20, TimeUnit.SECONDS).keys();
      assertEquals(1, paths.size(), () -> "notebooks: " + paths);
      LwwRegister session =
          (LwwRegister) anna.get(paths.getFirst()).get(20, TimeUnit.SECONDS).lattice();
      Key here = SessionKeys.path(hash(System.getProperty("user.name")), hash(notebook.toString()));
      anna.merge(here, new LwwRegister(new Stamp(1, "test", 0), session.value()), Durability.LOG)
          .get(20, TimeUnit.SECONDS);
    }
  }

  private static String hash(String text) throws Exception {
    byte[] digest =
        MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(digest).substring(0, 24);
  }
}
