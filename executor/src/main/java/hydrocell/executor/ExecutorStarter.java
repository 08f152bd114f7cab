package hydrocell.executor;

import hydrocell.anna.wire.Endpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts the processes of cell executors: each with flags for its shape, a temporary folder of its
 * own and a token. Owned by the host's thread.
 */
final class ExecutorStarter {
  private static final int TOKEN_BYTES = 16;

  /** What a JVM leaves in its temporary folder that crashes in a sandbox. */
  static final String CRASH = "crash.log";

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
    Sandbox sandbox = config.isolation().sandbox();
    Path run = sandbox == null ? null : sandbox.run(id);
    Map<String, String> told = new LinkedHashMap<>();
    told.put("executorId", id);
    told.put("token", token);
    Child child;
    if (sandbox == null || run == null) {
      told.put("endpoint", config.childEndpoint("executor-" + id).text());
      Path crash = config.logs().resolve("executor-crash-%p.log");
      child =
          Child.start(
              "executor-" + id, command(shape, scratch, crash), told, config.logs(), says(id));
    } else {
      told.put("endpoint", Endpoint.unix(run.resolve(Sandbox.SOCKET)).text());
      List<String> command =
          sandbox.command(
              new Sandbox.Place(scratch, run, notebook(shape)),
              command(shape, scratch, scratch.resolve(CRASH)));
      child = Child.startInside("executor-" + id, command, told, config.logs(), says(id));
    }
    return new PooledExecutor(id, token, shape, child, scratch, run, nowNs);
  }

  private Consumer<String> says(String id) {
    return line -> said.accept(id, line);
  }

  private static @Nullable Path notebook(ExecutorShape shape) {
    return shape.notebook().isEmpty() ? null : Path.of(shape.notebook());
  }

  private List<String> command(ExecutorShape shape, Path scratch, Path crash) {
    return shape.command(
        config.executorCommand(),
        List.of(
            "-Djava.io.tmpdir=" + scratch, "-Djna.tmpdir=" + scratch, "-XX:ErrorFile=" + crash));
  }
}
