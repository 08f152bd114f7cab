package hydrocell.kernel.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Where Jupyter wants the kernel to listen. Immutable.
 *
 * @param ip address to bind
 * @param shellPort for requests
 * @param iopubPort for what is published
 * @param stdinPort for questions to the user
 * @param controlPort for interrupt and shutdown
 * @param heartbeatPort echoes
 * @param key for signing; empty means none
 * @param kernelId the part of the file's name that names the kernel
 */
public record ConnectionFile(
    String ip,
    int shellPort,
    int iopubPort,
    int stdinPort,
    int controlPort,
    int heartbeatPort,
    byte[] key,
    String kernelId) {

  /**
   * Reads a connection file.
   *
   * @throws IOException with a message that says what to do
   */
  public static ConnectionFile read(Path file) throws IOException {
    JsonNode tree;
    try {
      tree = JsonTrees.read(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      throw new IOException(
          "there is no connection file " + file + ": Jupyter makes it; start the kernel from there",
          e);
    } catch (IOException e) {
      throw new IOException("cannot read the connection file " + file + ": " + e.getMessage(), e);
    }
    String transport = tree.path("transport").asText("tcp");
    if (!transport.equals("tcp")) {
      throw new IOException(
          "the connection file %s asks for the transport '%s': set c.KernelManager.transport = 'tcp'"
              .formatted(file, transport));
    }
    String scheme = tree.path("signature_scheme").asText("hmac-sha256");
    if (!scheme.equals("hmac-sha256")) {
      throw new IOException(
          "the connection file %s asks for signatures by '%s': only hmac-sha256 is known"
              .formatted(file, scheme));
    }
    String name = String.valueOf(file.getFileName()).replaceAll("^kernel-|\\.json$", "");
    return new ConnectionFile(
        tree.path("ip").asText("127.0.0.1"),
        port(tree, "shell_port", file),
        port(tree, "iopub_port", file),
        port(tree, "stdin_port", file),
        port(tree, "control_port", file),
        port(tree, "hb_port", file),
        tree.path("key").asText("").getBytes(StandardCharsets.UTF_8),
        name);
  }

  private static int port(JsonNode tree, String field, Path file) throws IOException {
    int port = tree.path(field).asInt(-1);
    if (port < 0 || port > 65_535) {
      throw new IOException(
          "the connection file %s has no usable %s: it is damaged".formatted(file, field));
    }
    return port;
  }

  /** The address of a socket. */
  public String address(int port) {
    return "tcp://" + (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
  }
}
