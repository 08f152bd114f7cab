package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Installation;
import hydrocell.cell.local.Settings;
import hydrocell.cell.message.HostReply;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sockets that somebody opened to everybody still serve their own user only: storage node, executor
 * host, compile service and cell executor.
 */
final class PeerUserTest {
  private static final byte[] ANNA_SECRET = {7};
  private static final byte[] SECRET = {8};
  private static final Duration LONG = Duration.ofMinutes(10);
  private static final long NOBODY = 65_534;

  /**
   * Says hello with the right secret as user argv[1]; prints the code of the answer, or "closed".
   */
  private static final String CLIENT =
      """
      import os, socket, sys
      if int(sys.argv[1]) != os.getuid():
          os.setgroups([])
          os.setgid(int(sys.argv[1]))
          os.setuid(int(sys.argv[1]))
      peer = socket.socket(socket.AF_UNIX)
      peer.connect(sys.argv[2])
      secret = bytes.fromhex(sys.argv[3])
      hello = b"HYC1" + bytes([1, 4]) + b"test" + bytes([len(secret)]) + secret + bytes([1]) + b"x"
      try:
          peer.sendall(len(hello).to_bytes(4, "big") + hello)
          answer = peer.recv(4096)
      except (BrokenPipeError, ConnectionResetError):
          answer = b""
      print(["welcome", "refused"][answer[4]] if answer else "closed", answer[6:].decode())
      """;

  @TempDir Path folder;

  @Test
  void everySocketRefusesAnotherUserWhoKnowsTheSecret() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    try (StorageNode anna =
            StorageNode.start(
                StorageConfig.local(
                    folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), ANNA_SECRET));
        ExecutorHost host = ExecutorHost.start(config(anna, logs), () -> {});
        TestKernel kernel = new TestKernel(host.endpoint(), SECRET)) {
      HostReply.Leased executor = kernel.lease("s");
      HostReply.CompileServiceAt compiler = kernel.compileService();
      Map<Endpoint, String> doors =
          Map.of(
              anna.endpoint(),
              HexFormat.of().formatHex(ANNA_SECRET),
              host.endpoint(),
              HexFormat.of().formatHex(SECRET),
              new Endpoint(compiler.endpoint()),
              compiler.token(),
              new Endpoint(executor.endpoint()),
              executor.token());
      assertEquals(4, doors.size());
      long own = uid();
      for (Map.Entry<Endpoint, String> door : doors.entrySet()) {
        openToEverybody(door.getKey().path());
        assertTrue(say(own, door).startsWith("welcome"), say(own, door));
        if (own == 0) {
          String answer = say(NOBODY, door);
          assertTrue(
              answer.startsWith("closed")
                  || answer.contains("refused this process belongs to user"),
              answer);
        }
      }
      assertInstanceOf(HostReply.Leased.class, kernel.lease("s"), "the host lives");
    }
  }

  private HostConfig config(StorageNode anna, Path logs) throws Exception {
    return new HostConfig(
        Endpoint.unix(folder.resolve("h.sock")),
        SECRET,
        Installation.here().command(Installation.Role.COMPILER),
        Installation.here().command(Installation.Role.EXECUTOR),
        Installation.here().command(Installation.Role.RESOLVER),
        folder,
        logs,
        anna.endpoint(),
        ANNA_SECRET,
        1,
        2,
        LONG,
        LONG,
        folder.resolve("scratch"),
        LimitPolicy.of(Settings.none(), Capacity.here()),
        MemoryReserve.of(Settings.none(), Capacity.here()));
  }

  private static long uid() throws Exception {
    return Long.parseLong(output("id", "-u").strip());
  }

  /** The folders on the way and the socket itself, as a careless {@code chmod -R} leaves them. */
  private static void openToEverybody(Path socket) throws Exception {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
    Path temp = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
    for (Path at = socket.toRealPath().getParent(); !temp.startsWith(at); at = at.getParent()) {
      Files.setPosixFilePermissions(at, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  private static String say(long uid, Map.Entry<Endpoint, String> door) throws Exception {
    return output(
        "python3",
        "-c",
        CLIENT,
        String.valueOf(uid),
        door.getKey().path().toString(),
        door.getValue());
  }

  private static String output(String... command) throws Exception {
    Process process =
        new ProcessBuilder(List.of(command)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    return said;
  }
}
