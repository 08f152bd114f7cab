package hydrocell.kernel;

import hydrocell.anna.wire.PeerUser;
import hydrocell.cell.local.Folders;
import hydrocell.cell.local.Settings;
import hydrocell.cell.local.SharedStore;
import hydrocell.cell.local.StoreToken;
import hydrocell.cell.message.FromExecutor;
import hydrocell.kernel.channel.Channels;
import hydrocell.kernel.protocol.ConnectionFile;
import hydrocell.kernel.protocol.JupyterMessage;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.zeromq.ZMQException;

/** The kernel's process: {@code KernelMain CONNECTION_FILE}. */
public final class KernelMain {
  private static final Logger LOG = LoggerFactory.getLogger(KernelMain.class);
  private static final long SHUTDOWN_LIMIT_MS = 5_000;

  private final ConnectionFile file;
  private final MessageCodec codec;
  private final Channels channels;
  private final Publisher publisher;
  private final Backend backend;
  private final Session session;
  private final Jobs jobs;
  private final CellPipeline pipeline;
  private final ShellHandler shell;
  private final DebugHandler debugger;
  private final AtomicLong askingRun = new AtomicLong();
  private final CountDownLatch ended = new CountDownLatch(1);

  private KernelMain(ConnectionFile file) {
    Person person = Person.of(Folders.here());
    this(
        file,
        new LocalNode(Folders.here(), installFolder(), person.unknownBecause()),
        SessionIdentity.of(
            System.getenv("JPY_SESSION_NAME"),
            Path.of("").toAbsolutePath(),
            person.name(),
            file.kernelId()));
  }

  /**
   * Whose sessions these are; in a store for several people, as that calls its clients.
   *
   * @param unknownBecause why the store does not know them, in words for the user; empty when it
   *     does. What such a kernel did would be found under another name later.
   */
  private record Person(String name, String unknownBecause) {
    static Person of(Folders folders) {
      String name = System.getProperty("user.name", "user");
      try {
        SharedStore store = SharedStore.of(System.getenv(), Settings.read(folders.settings()));
        if (store == null) {
          return new Person(name, "");
        }
        if (!store.isRemote()) {
          return new Person(name.equals("?") ? PeerUser.ownNumber() : name, "");
        }
        Path file = StoreToken.file(folders);
        StoreToken token = StoreToken.read(file);
        return token == null
            ? new Person(
                name,
                "the store at %s wants a token, and there is no %s: put the text there that its operator gave you, then restart this kernel"
                    .formatted(store.place(), file))
            : new Person(token.person(), "");
      } catch (IOException e) {
        return new Person(name, e.getMessage() + ". Then restart this kernel.");
      }
    }
  }

  /** A kernel on a node and a session that tests choose. Binds its sockets. */
  KernelMain(ConnectionFile file, LocalNode node, SessionIdentity identity) {
    this.file = file;
    codec = new MessageCodec(file.key(), InstantSource.system());
    channels = new Channels(file, codec);
    publisher = new Publisher(channels, codec);
    String writer = freshWriter();
    AtomicReference<Consumer<String>> late = new AtomicReference<>();
    backend =
        new Backend(
            node,
            writer,
            ended -> {
              Consumer<String> told = late.get();
              if (told != null) {
                told.accept(ended.leaseId());
              }
            });
    session = new Session(backend, identity, writer, InstantSource.system());
    Outputs outputs = new Outputs(publisher, this::askUser);
    jobs = new Jobs(backend, session, outputs, publisher);
    Debugging debugging = new Debugging();
    History history = new History(backend, session, InstantSource.system());
    pipeline = new CellPipeline(backend, session, history, outputs, jobs, debugging);
    late.set(lease -> {
      pipeline.leaseEnded(lease);
      jobs.leaseEnded(lease);
    });
    Comms comms = new Comms(session, publisher);
    StoredJars jars = new StoredJars(backend, Folders.here().jars(), InstantSource.system());
    Dependencies dependencies = new Dependencies(backend, session, pipeline, jars);
    Execution execution =
        new Execution(
            session,
            pipeline,
            publisher,
            history,
            dependencies,
            new MissingLibraries(session, dependencies, jars),
            comms);
    debugger =
        new DebugHandler(
            channels, codec, publisher, debugging, session, history, execution::valueOf);
    shell =
        new ShellHandler(
            channels,
            codec,
            publisher,
            backend,
            session,
            history,
            execution,
            execution.magics(),
            comms);
    pipeline.sharedCells().onChanged(shell::follow);
  }

  private static @Nullable Path installFolder() {
    String install = System.getProperty("hydrocell.install");
    return install == null ? null : Path.of(install);
  }

  private static String freshWriter() {
    byte[] random = new byte[6];
    new SecureRandom().nextBytes(random);
    return HexFormat.of().formatHex(random);
  }

  /** Starts the kernel and returns when it was shut down. */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length != 1) {
      System.err.println("usage: hydrocell.kernel.KernelMain CONNECTION_FILE (Jupyter calls it)");
      System.exit(1);
    }
    try {
      KernelMain kernel = new KernelMain(ConnectionFile.read(Path.of(arguments[0])));
      // The kernelspec asks for messages; a terminal and some clients send the signal all the same.
      InterruptSignal.handle(kernel.pipeline::interrupt);
      kernel.run();
    } catch (IOException | ZMQException | IllegalStateException e) {
      System.err.println("hydrocell: " + e.getMessage());
      System.exit(1);
    }
    System.exit(0);
  }

  /** Answers requests; returns when the kernel was shut down and its last messages are sent. */
  void run() throws InterruptedException {
    ControlHandler control =
        new ControlHandler(
            channels, codec, publisher, pipeline, shell.subshells(), debugger, this::shutdown);
    channels.start(shell::enqueue, control::handle, this::answered);
    publisher.status(
        new JupyterMessage(
            List.of(),
            MessageCodec.object(),
            MessageCodec.object(),
            MessageCodec.object(),
            MessageCodec.object()),
        "starting");
    shell.start();
    Thread.ofPlatform().daemon().name("connect").start(this::connectAhead);
    followParent();
    LOG.debug("kernel {} listens", file.kernelId());
    ended.await();
    channels.close();
    backend.close();
  }

  /** Finds or starts the node while the front end is still busy opening. */
  private void connectAhead() {
    try {
      backend.generation();
    } catch (IOException e) {
      System.err.println("hydrocell: " + e.getMessage());
    }
  }

  /** A kernel whose Jupyter server died ends, too. */
  private void followParent() {
    String parent = System.getenv("JPY_PARENT_PID");
    if (parent == null || !parent.matches("\\d{1,10}") || parent.equals("1")) {
      return;
    }
    ProcessHandle.of(Long.parseLong(parent))
        .ifPresent(process -> process.onExit().thenRun(ended::countDown));
  }

  private void shutdown(boolean restart) {
    if (restart) {
      Thread begin = Thread.ofPlatform().daemon().name("new-epoch").start(this::beginAnew);
      try {
        begin.join(SHUTDOWN_LIMIT_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else if (session.isPrivate()) {
      // Nobody can come back to what such a session computes.
      jobs.abandon();
    }
    ended.countDown();
  }

  private void beginAnew() {
    try {
      if (!session.isOpen()) {
        session.open();
        jobs.takeOver();
      }
      pipeline.leaveEpoch();
      if (!session.participation().isElsewhere()) {
        session.newEpoch();
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("the restart could not begin a new epoch: {}", e.getMessage());
    }
  }

  private void askUser(JupyterMessage request, FromExecutor.InputWanted wanted) {
    if (request.identities().isEmpty()) {
      // A thread that a cell left behind long ago.
      pipeline.input(wanted.requestId(), null);
      return;
    }
    askingRun.set(wanted.requestId());
    channels.sendStdin(
        codec.make(
            request.identities(),
            "input_request",
            request.header(),
            MessageCodec.object()
                .put("prompt", wanted.prompt())
                .put("password", wanted.password())));
  }

  private void answered(JupyterMessage reply) {
    if (reply.type().equals("input_reply")) {
      pipeline.input(askingRun.get(), reply.content().path("value").asText());
    }
  }
}
