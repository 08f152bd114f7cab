package hydrocell.executor;

import hydrocell.anna.wire.ByteReader;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.wire.RecordCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Finds libraries for notebooks: one process a request, because it talks to the network and reads
 * what others wrote. Thread-safe.
 */
final class ResolverProcess {
  private static final int AT_ONCE = 2;
  private static final long DOCUMENTATION_LIMIT_S = 300;
  private static final int MAX_ANSWER_BYTES = 16 << 20;

  private final HostConfig config;
  private final Semaphore turns = new Semaphore(AT_ONCE, true);

  /** Documentation, which nobody waits for, keeps no library waiting. */
  private final Semaphore behind = new Semaphore(1, true);

  private final Set<Process> running = ConcurrentHashMap.newKeySet();

  ResolverProcess(HostConfig config) {
    this.config = config;
  }

  /** Answers a request, when it is its turn, on a thread of its own. */
  void resolve(HostRequest.Resolve request, Consumer<HostReply> reply) {
    Thread.ofPlatform()
        .daemon()
        .name("resolve")
        .start(() -> {
          Semaphore turn = request.wanted().documentation() ? behind : turns;
          turn.acquireUninterruptibly();
          try {
            reply.accept(new HostReply.ResolutionIs(request.id(), ask(request, reply)));
          } catch (IOException e) {
            reply.accept(new HostReply.Failed(request.id(), String.valueOf(e.getMessage())));
          } finally {
            turn.release();
          }
        });
  }

  private Resolution ask(HostRequest.Resolve request, Consumer<HostReply> reply)
      throws IOException {
    Path log = config.logs().resolve("resolver.log");
    Process process =
        new ProcessBuilder(config.resolverCommand())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    running.add(process);
    if (request.wanted().documentation()) {
      process
          .onExit()
          .orTimeout(DOCUMENTATION_LIMIT_S, TimeUnit.SECONDS)
          .exceptionally(late -> process.destroyForcibly());
    }
    try (DataOutputStream to = new DataOutputStream(process.getOutputStream());
        DataInputStream from = new DataInputStream(process.getInputStream())) {
      byte[] asked = RecordCodec.encode(request.wanted());
      to.writeInt(asked.length);
      to.write(asked);
      to.flush();
      Resolution said = read(from, log);
      while (said instanceof Resolution.Underway underway) {
        reply.accept(new HostReply.Downloading(0, request.id(), underway));
        said = read(from, log);
      }
      return said;
    } catch (EOFException e) {
      throw new IOException("the resolver ended before it answered: see " + log, e);
    } finally {
      process.destroyForcibly();
      running.remove(process);
    }
  }

  private static Resolution read(DataInputStream from, Path log) throws IOException {
    int length = from.readInt();
    if (length < 0 || length > MAX_ANSWER_BYTES) {
      throw new IOException("the resolver answered %,d bytes; see %s".formatted(length, log));
    }
    return RecordCodec.read(
        new ByteReader(ByteBuffer.wrap(from.readNBytes(length))), Resolution.class);
  }

  /** Ends what runs. */
  void close() {
    running.forEach(Process::destroyForcibly);
  }
}
