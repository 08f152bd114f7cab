package hydrocell.storage;

import hydrocell.anna.wire.Endpoint;
import java.nio.file.Path;

/** A node in a process of its own, for tests that kill it: folder, socket. */
public final class NodeMain {
  private NodeMain() {}

  public static void main(String[] arguments) throws Exception {
    StorageNode.start(
        StorageConfig.local(
            Path.of(arguments[0]), Endpoint.unix(Path.of(arguments[1])), new byte[] {7}));
    System.out.println("ready");
    while (System.in.read() >= 0) {
      continue;
    }
    Runtime.getRuntime().halt(0);
  }
}
