package hydrocell.executor.run;

import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.local.Installation;
import hydrocell.executor.ChildProperties;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A real executor process without a host. */
final class ExecutorProcess implements AutoCloseable {
  static final String TOKEN = "0102";
  private static final String READY = "ready ";

  final Process process;
  final String endpoint;

  ExecutorProcess(Path folder, String name, String... flags) throws Exception {
    List<String> command = new ArrayList<>(Installation.here().command(Installation.Role.EXECUTOR));
    command.addAll(1, List.of(flags));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(
                ProcessBuilder.Redirect.appendTo(folder.resolve(name + ".log").toFile()));
    builder.environment().put(FaultPoint.VARIABLE, folder.toString());
    process = builder.start();
    process
        .getOutputStream()
        .write(
            ChildProperties.lines(
                    Map.of(
                        "endpoint", Endpoint.unix(folder.resolve(name + ".sock")).text(),
                        "token", TOKEN,
                        "executorId", name))
                .getBytes(StandardCharsets.UTF_8));
    process.getOutputStream().flush();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    while (line != null && !line.contains(READY)) {
      line = out.readLine();
    }
    if (line == null) {
      throw new IOException("the executor did not start");
    }
    endpoint = line.substring(line.indexOf(READY) + READY.length());
    Thread.ofPlatform().daemon().start(() -> out.lines().forEach(ignored -> {}));
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the executor outlived its host");
    }
  }
}
