package hydrocell.executor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Messages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A kernel's connection to its host. */
final class TestKernel implements AutoCloseable {
  private static final long PATIENCE_S = 300;

  private final FrameConnection connection;
  private final AtomicLong requests = new AtomicLong();
  private final Map<Long, CompletableFuture<HostReply>> replies = new ConcurrentHashMap<>();
  private final BlockingQueue<HostReply.LeaseEnded> ends = new LinkedBlockingQueue<>();

  /** What leases are asked for with; the working directory unless it is set. */
  String notebookFolder = System.getProperty("user.dir");

  private final BlockingQueue<HostReply.Queued> places = new LinkedBlockingQueue<>();

  TestKernel(Endpoint host, byte[] secret) throws IOException {
    connection = FrameConnection.connect(host);
    Handshake.open(connection, "kernel", secret);
    Thread.ofPlatform().daemon().name("test kernel").start(this::listen);
  }

  private void listen() {
    try {
      for (HostReply reply = Messages.receive(connection, HostReply.class);
          reply != null;
          reply = Messages.receive(connection, HostReply.class)) {
        if (reply.id() == 0 && reply instanceof HostReply.LeaseEnded ended) {
          ends.add(ended);
        } else if (reply instanceof HostReply.Queued queued) {
          places.add(queued);
        } else {
          future(reply.id()).complete(reply);
        }
      }
    } catch (IOException e) {
      replies.values().forEach(waiting -> waiting.completeExceptionally(e));
    }
  }

  private CompletableFuture<HostReply> future(long id) {
    return replies.computeIfAbsent(id, number -> new CompletableFuture<>());
  }

  private long send(HostRequest request) throws IOException {
    Messages.send(connection, HostRequest.class, request);
    return request.id();
  }

  HostReply answer(long id) throws Exception {
    return future(id).get(PATIENCE_S, TimeUnit.SECONDS);
  }

  boolean isAnswered(long id) {
    return future(id).isDone();
  }

  long ask(String owner, String session) throws IOException {
    return ask(owner, session, "", Map.of());
  }

  long askDebugged(String owner, String session, String debugAddress) throws IOException {
    return ask(owner, session, debugAddress, Map.of());
  }

  private long ask(String owner, String session, String debugAddress, Map<String, Long> limits)
      throws IOException {
    return send(
        new HostRequest.Acquire(
            requests.incrementAndGet(),
            session,
            owner,
            System.getProperty("user.dir"),
            System.getenv(),
            debugAddress,
            limits,
            notebookFolder,
            ""));
  }

  long ask(String session) throws IOException {
    return ask("me", session);
  }

  HostReply.Leased leaseOf(String owner, String session) throws Exception {
    return assertInstanceOf(HostReply.Leased.class, answer(ask(owner, session)));
  }

  HostReply.Leased lease(String session) throws Exception {
    return leaseOf("me", session);
  }

  HostReply.Leased lease(String session, Map<String, Long> limits) throws Exception {
    return assertInstanceOf(HostReply.Leased.class, answer(ask("me", session, "", limits)));
  }

  HostReply.CompileServiceAt compileService() throws Exception {
    return assertInstanceOf(
        HostReply.CompileServiceAt.class,
        answer(send(new HostRequest.CompileService(requests.incrementAndGet()))));
  }

  HostReply.LeaseEnded replace(String leaseId) throws Exception {
    return assertInstanceOf(
        HostReply.LeaseEnded.class,
        answer(send(new HostRequest.Replace(requests.incrementAndGet(), leaseId))));
  }

  HostReply.LeaseEnded awaitLeaseEnd() throws InterruptedException {
    HostReply.LeaseEnded ended = ends.poll(PATIENCE_S, TimeUnit.SECONDS);
    if (ended == null) {
      throw new AssertionError("no lease ended");
    }
    return ended;
  }

  HostReply.ProcessStatus executor(String executorId) throws Exception {
    return await(process -> process.name().equals(executorId));
  }

  /** Waits until an executor is in a state. */
  HostReply.ProcessStatus awaitState(String state) throws Exception {
    return await(process -> process.role().equals("executor") && process.state().equals(state));
  }

  /** Waits until a request is told that it has a place. */
  HostReply.Queued awaitPlace(long request, int place) throws InterruptedException {
    for (HostReply.Queued told = places.poll(PATIENCE_S, TimeUnit.SECONDS);
        told != null;
        told = places.poll(PATIENCE_S, TimeUnit.SECONDS)) {
      if (told.requestId() == request && told.place() == place) {
        return told;
      }
    }
    throw new AssertionError("nobody is told of place " + place);
  }

  void withdraw(long request) throws Exception {
    assertInstanceOf(
        HostReply.Done.class,
        answer(send(new HostRequest.Withdraw(requests.incrementAndGet(), request))));
  }

  /** Waits until so many kernels are connected. */
  void awaitKernels(int count) throws Exception {
    awaitStatus(status -> status.kernels() == count);
  }

  /** Waits until there are so many executors. */
  void awaitExecutors(int count) throws Exception {
    awaitStatus(status ->
        status.processes().stream().filter(p -> p.role().equals("executor")).count() == count);
  }

  private void awaitStatus(Predicate<HostReply.HostStatus> wanted) throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (System.nanoTime() < deadlineNs) {
      HostReply reply = answer(send(new HostRequest.Status(requests.incrementAndGet())));
      if (wanted.test(assertInstanceOf(HostReply.HostStatus.class, reply))) {
        return;
      }
    }
    throw new AssertionError("the host never came to be as expected");
  }

  private HostReply.ProcessStatus await(Predicate<HostReply.ProcessStatus> wanted)
      throws Exception {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_S);
    while (System.nanoTime() < deadlineNs) {
      HostReply reply = answer(send(new HostRequest.Status(requests.incrementAndGet())));
      for (var process : assertInstanceOf(HostReply.HostStatus.class, reply).processes()) {
        if (wanted.test(process)) {
          return process;
        }
      }
    }
    throw new AssertionError("no executor came to be as expected");
  }

  void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).start();
    assertEquals(0, kill.waitFor(), "the process could not be signalled");
  }

  /** Stops a process, and waits until every thread of it stands still. */
  void stop(long pid) throws Exception {
    signal("STOP", pid);
    long limitNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!isStopped(pid)) {
      assertTrue(System.nanoTime() < limitNs, "the process does not stop");
      Thread.sleep(2);
    }
  }

  private static boolean isStopped(long pid) throws IOException {
    try (Stream<Path> threads = Files.list(Path.of("/proc", String.valueOf(pid), "task"))) {
      for (Path thread : threads.toList()) {
        String stat = Files.readString(thread.resolve("stat"));
        if (stat.charAt(stat.lastIndexOf(')') + 2) != 'T') {
          return false;
        }
      }
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
