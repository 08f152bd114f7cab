package hydrocell.executor;

import hydrocell.anna.wire.Access;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.Permissions;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.HostReply;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A compile service of this host: started when it is needed, and again when it dies. One serves
 * everybody and runs no code but javac's; the other one runs annotation processors of libraries,
 * and ends when nobody asked it for a while. Owned by the host's thread.
 */
final class CompileServiceProcess {
  private static final Logger LOG = LoggerFactory.getLogger(CompileServiceProcess.class);
  private static final int MAX_FAILED_STARTS = 3;
  private static final int ID_CHARS = 8;

  /** All that it needs of the store, as long as the node's secret lasts: it may run processors. */
  static final Access CLASSES =
      new Access(
          "compile service",
          List.of(
              new Access.Grant(SessionKeys.ALL_CLASSES, EnumSet.of(Access.Right.READ)),
              new Access.Grant(Permissions.THEIR_CLASSES, EnumSet.of(Access.Right.READ))),
          Long.MAX_VALUE);

  private final HostConfig config;
  private final Executor loop;
  private final boolean processing;
  private final String name;
  private final List<Waiting> waiting = new ArrayList<>();
  private @Nullable Child child;
  private String token = "";
  private String endpoint = "";
  private int failedStarts;
  private boolean closed;
  private boolean broken;

  /** What the services of this host before the present one answered, and what it says so far. */
  private final long[] compiled = new long[2];

  private final long[] earlier = new long[2];

  private record Waiting(long id, Consumer<HostReply> reply) {}

  CompileServiceProcess(HostConfig config, Executor loop, boolean processing) {
    this.config = config;
    this.loop = loop;
    this.processing = processing;
    this.name = processing ? "processing-compile-service" : "compile-service";
  }

  /** Starts the service unless it runs. */
  void ensure() {
    if (closed || child != null) {
      return;
    }
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    token = HexFormat.of().formatHex(random);
    endpoint = "";
    Map<String, String> told = new LinkedHashMap<>();
    told.put("token", token);
    told.put("anna", config.anna().text());
    told.put("processing", String.valueOf(processing));
    told.put("annaToken", HexFormat.of().formatHex(CLASSES.token(config.annaSecret())));
    try {
      Child fresh = start(token.substring(0, ID_CHARS), told);
      child = fresh;
      fresh.exited().thenAcceptAsync(status -> exited(fresh, status), loop);
    } catch (IOException e) {
      refuse("the compile service cannot be started: " + e.getMessage());
    }
  }

  /** Processors are code of notebooks' libraries: they run in a sandbox where cells do. */
  private Child start(String id, Map<String, String> told) throws IOException {
    Consumer<String> says = line -> loop.execute(() -> said(line));
    Sandbox sandbox = processing ? config.isolation().sandbox() : null;
    if (sandbox == null) {
      told.put("endpoint", config.childEndpoint("compile-" + id).text());
      return Child.start(name, config.compilerCommand(), told, config.logs(), says);
    }
    Path scratch = Files.createDirectories(config.scratch().resolve(id));
    Path run = sandbox.run(id);
    told.put("endpoint", Endpoint.unix(run.resolve(Sandbox.SOCKET)).text());
    List<String> command = new ArrayList<>(config.compilerCommand());
    command.add(1, "-Djava.io.tmpdir=" + scratch);
    Child started =
        Child.startInside(
            name,
            sandbox.command(new Sandbox.Place(scratch, run, null), command),
            told,
            config.logs(),
            says);
    started
        .exited()
        .thenRun(() -> {
          ScratchFolders.remove(run);
          ScratchFolders.remove(scratch);
        });
    return started;
  }

  private void said(String line) {
    if (line.startsWith("ready ")) {
      endpoint = line.substring("ready ".length());
      failedStarts = 0;
      broken = false;
      waiting.forEach(
          each -> each.reply.accept(new HostReply.CompileServiceAt(each.id, endpoint, token)));
      waiting.clear();
    } else if (line.startsWith("compiled ")) {
      String[] figures = line.split(" ");
      for (int i = 0; i < compiled.length; i++) {
        compiled[i] = earlier[i] + Long.parseLong(figures[i + 1]);
      }
    }
  }

  /** Compilations that were asked for. */
  long compiles() {
    return compiled[0];
  }

  /** Those that the service's cache answered. */
  long compiledBefore() {
    return compiled[1];
  }

  /** False when the service does not start. */
  boolean canCompile() {
    return !broken;
  }

  private void exited(Child ended, int status) {
    if (child != ended) {
      return;
    }
    child = null;
    System.arraycopy(compiled, 0, earlier, 0, compiled.length);
    if (closed) {
      return;
    }
    if (processing && status == 0 && waiting.isEmpty()) {
      return;
    }
    LOG.warn("the {} ended with status {}", name, status);
    if (endpoint.isEmpty() && ++failedStarts >= MAX_FAILED_STARTS) {
      refuse("the compile service does not start: see " + config.logs().resolve(name + ".log"));
      failedStarts = 0;
      return;
    }
    ensure();
  }

  private void refuse(String reason) {
    broken = true;
    LOG.error(reason);
    waiting.forEach(each -> each.reply.accept(new HostReply.Failed(each.id, reason)));
    waiting.clear();
  }

  /** Answers with the service's endpoint once it listens. */
  void whenReady(long id, Consumer<HostReply> reply) {
    Child running = child;
    if (running != null && running.isAlive() && !endpoint.isEmpty()) {
      reply.accept(new HostReply.CompileServiceAt(id, endpoint, token));
      return;
    }
    waiting.add(new Waiting(id, reply));
    ensure();
  }

  List<HostReply.ProcessStatus> status() {
    Child running = child;
    return running == null
        ? List.of()
        : List.of(
            new HostReply.ProcessStatus(
                processing ? "annotation processing" : "compile service",
                running.name(),
                running.pid(),
                "",
                endpoint.isEmpty() ? "starting" : "ready",
                running.residentBytes()));
  }

  /** Starts no other one; the one that runs, to be ended. */
  List<Child> close() {
    closed = true;
    Child running = child;
    return running == null ? List.of() : List.of(running);
  }
}
