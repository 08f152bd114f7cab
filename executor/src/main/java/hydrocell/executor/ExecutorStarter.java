package hydrocell.executor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Starts the processes of cell executors: each with flags for its shape, a temporary folder of its
 * own and a token. Owned by the host's thread.
 */
final class ExecutorStarter {
  private static final int TOKEN_BYTES = 16;

  private final HostConfig config;
  private final BiConsumer<String, String> said;
  private final SecureRandom random = new SecureRandom();

  /**
   * A starter.
   *
   * @param said gets the id of an executor and each line that it says, on any thread
   */
  ExecutorStarter(HostConfig config, BiConsumer<String, String> said) {
    this.config = config;
    this.said = said;
  }

  /** Starts one; it says {@code ready} when it is warm. */
  PooledExecutor start(ExecutorShape shape, long nowNs) throws IOException {
    String id = HexFormat.of().toHexDigits(random.nextInt());
    byte[] bytes = new byte[TOKEN_BYTES];
    random.nextBytes(bytes);
    String token = HexFormat.of().formatHex(bytes);
    Path scratch = Files.createDirectories(config.scratch().resolve(id));
    Map<String, String> told = new LinkedHashMap<>();
    told.put("executorId", id);
    told.put("token", token);
    told.put("endpoint", config.childEndpoint("executor-" + id).text());
    Child child =
        Child.start(
            "executor-" + id,
            shape.command(config.executorCommand(), flags(scratch)),
            told,
            config.logs(),
            line -> said.accept(id, line));
    return new PooledExecutor(id, token, shape, child, scratch, nowNs);
  }

  private List<String> flags(Path scratch) {
    return List.of(
        "-Djava.io.tmpdir=" + scratch,
        "-XX:ErrorFile=" + config.logs().resolve("executor-crash-%p.log"));
  }
}
