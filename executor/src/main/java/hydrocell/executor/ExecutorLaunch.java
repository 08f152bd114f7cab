package hydrocell.executor;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Starts the processes of cell executors. Owned by the host's thread, as {@link Pool} is. */
final class ExecutorLaunch {
  private final HostConfig config;
  private final SecureRandom random = new SecureRandom();

  ExecutorLaunch(HostConfig config) {
    this.config = config;
  }

  /**
   * Starts an executor, warm and without a lease.
   *
   * @param debugAddress where the debugger listens that its JVM connects to; empty for none
   * @param said told the executor's id and a line that it says
   */
  PooledExecutor start(String debugAddress, long nowNs, BiConsumer<String, String> said)
      throws IOException {
    String id = HexFormat.of().toHexDigits(random.nextInt());
    byte[] secret = new byte[16];
    random.nextBytes(secret);
    String token = HexFormat.of().formatHex(secret);
    Map<String, String> told = new LinkedHashMap<>();
    told.put("executorId", id);
    told.put("token", token);
    told.put("endpoint", config.childEndpoint("executor-" + id).text());
    Child child =
        Child.start(
            "executor-" + id,
            debugAddress.isEmpty() ? config.executorCommand() : debugged(debugAddress),
            told,
            config.logs(),
            line -> said.accept(id, line));
    return new PooledExecutor(id, token, child, debugAddress, nowNs);
  }

  /**
   * The JVM connects to its debugger, and never listens: nobody else can become its debugger. A
   * start-up cache is of no use to a JVM with a debugger.
   */
  private List<String> debugged(String debugAddress) {
    List<String> command = new ArrayList<>(config.executorCommand());
    command.addAll(
        1,
        List.of(
            "-agentlib:jdwp=transport=dt_socket,server=n,suspend=n,address=" + debugAddress,
            "-XX:AOTMode=off"));
    return command;
  }
}
