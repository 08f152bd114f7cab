package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import hydrocell.anna.NodeClient;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.api.CellRuntime;
import hydrocell.cell.CellFunction;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.ClassFile;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.message.CommMessage;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.FromExecutor;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.Messages;
import hydrocell.cell.message.ToExecutor;
import hydrocell.executor.compiler.CellCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A kernel reduced to what tests of executors need: it compiles here, runs there. */
public final class TestNotebook implements AutoCloseable {
  private static final long PATIENCE_S = 300;
  private static final long OUTPUT_LIMIT_BYTES = 10 << 20;
  private static final Map<String, byte[]> CLASSES = new HashMap<>();
  private static final CellCompiler COMPILER =
      new CellCompiler(
          Path.of(CellRuntime.class.getProtectionDomain().getCodeSource().getLocation().getPath()),
          ref -> CLASSES.get(ref.sha256()));

  /** What a connection that ended looks like. */
  private FromExecutor gone = new FromExecutor.Started(-1);

  private final String sessionId;
  private final Endpoint anna;
  private String annaToken;
  public final Manifest manifest;
  private final BlockingQueue<FromExecutor> said = new LinkedBlockingQueue<>();
  private FrameConnection connection;
  private long requests;
  private int cells;
  public boolean allowStdin;
  public boolean answersNames;
  public boolean commits = true;

  /** Whether every message comes twice. */
  public boolean sendsTwice;

  public long outputLimitBytes = OUTPUT_LIMIT_BYTES;
  public List<CompileRequest.Library> classPath = List.of();
  private final String writer;

  public TestNotebook(String sessionId, Endpoint anna, byte[] annaSecret) throws Exception {
    this.sessionId = sessionId;
    this.anna = anna;
    this.annaToken = HexFormat.of().formatHex(annaSecret);
    this.writer = "w" + System.nanoTime();
    try (NodeClient client = NodeClient.connect(anna, "test", annaSecret)) {
      manifest = Manifest.of(client.get(new SessionKeys(sessionId, 1).manifest()).get().lattice());
    }
    for (Entry entry : manifest.entries()) {
      cells = Math.max(cells, entry.cellNumber());
    }
  }

  /** Connects to a leased executor, as a kernel does. */
  public FromExecutor.Attached attach(HostReply.Leased lease) throws Exception {
    annaToken = lease.annaToken();
    return attach(lease.endpoint(), lease.token());
  }

  /** Connects to an executor. */
  public FromExecutor.Attached attach(String endpoint, String token) throws Exception {
    connection = FrameConnection.connect(new Endpoint(endpoint));
    Handshake.open(connection, "kernel", HexFormat.of().parseHex(token));
    FrameConnection mine = connection;
    FromExecutor myEnd = new FromExecutor.Started(-1);
    FromExecutor earlierEnd = gone;
    gone = myEnd;
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try {
            for (FromExecutor message = Messages.receive(mine, FromExecutor.class);
                message != null;
                message = Messages.receive(mine, FromExecutor.class)) {
              said.add(message);
            }
          } catch (IOException e) {
            said.add(myEnd);
          }
          said.add(myEnd);
        });
    send(new ToExecutor.Attach(sessionId, 1, "me", anna.text(), annaToken, ""));
    FromExecutor first = next();
    while (first == earlierEnd) {
      // Of the executor before.
      first = next();
    }
    return assertInstanceOf(FromExecutor.Attached.class, first);
  }

  public void send(ToExecutor message) throws IOException {
    for (int times = sendsTwice ? 2 : 1; times > 0; times--) {
      Messages.send(connection, ToExecutor.class, message);
    }
  }

  /** The next message; fails when there is none for long. Questions for names are answered. */
  public FromExecutor next() throws InterruptedException {
    FromExecutor message = said.poll(PATIENCE_S, TimeUnit.SECONDS);
    assertNotNull(message, "the executor says nothing");
    if (message instanceof FromExecutor.NamesWanted wanted) {
      answer(wanted);
      return next();
    }
    return message;
  }

  private void answer(FromExecutor.NamesWanted wanted) {
    try {
      send(
          new ToExecutor.Names(
              wanted.queryId(),
              manifest.entries().stream()
                  .filter(entry -> wanted.names().contains(entry.name()))
                  .toList()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the executor said of one cell, up to a message. */
  public List<FromExecutor> until(Predicate<FromExecutor> last) throws Exception {
    List<FromExecutor> heard = new ArrayList<>();
    while (heard.isEmpty() || !last.test(heard.getLast())) {
      FromExecutor message = next();
      if (message == gone) {
        throw new IllegalStateException("the executor is gone after " + heard);
      }
      heard.add(message);
      if (answersNames && message instanceof FromExecutor.NamesWanted wanted) {
        send(new ToExecutor.Names(wanted.queryId(), manifest.find(wanted.names())));
      }
    }
    return heard;
  }

  /** Everything that one cell brought. */
  public record Ran(List<FromExecutor> heard, CellOutcome outcome, String out, String err) {
    public String result() {
      return assertInstanceOf(CellOutcome.Returned.class, outcome, this::toString)
          .result()
          .data()
          .get("text/plain");
    }
  }

  /** Compiles and sends a cell; the id of its request. */
  public long start(String source) throws Exception {
    cells++;
    requests++;
    String name = "cell [%d]".formatted(cells);
    CompileReply reply =
        COMPILER.compile(
            new CompileRequest.Compile(
                1,
                name,
                source,
                new CompileRequest.Context(
                    manifest.entries().stream().map(Entry::symbol).toList(), classPath, false)));
    CellFunction function =
        assertInstanceOf(CompileReply.Compiled.class, reply, () -> source + "\n" + reply)
            .function();
    for (ClassFile file : function.classes()) {
      CLASSES.put(file.ref().sha256(), file.bytes());
    }
    send(
        new ToExecutor.Execute(
            requests,
            name,
            source,
            function,
            List.copyOf(manifest.entries()),
            List.of(),
            new Stamp(Math.max(cells, manifest.frontier().largest() + 1), writer, 0),
            manifest.frontier(),
            1,
            cells,
            new ToExecutor.Options(allowStdin, false, commits, outputLimitBytes),
            classPath,
            "request-" + requests,
            null,
            null));
    return requests;
  }

  /** Sends a message of a comm; the id of its request. */
  public long start(CommMessage message) throws Exception {
    requests++;
    Name name =
        message.kind() == CommMessage.Kind.OPEN
            ? Name.kept(CommMessage.keyOfTarget(message.target()))
            : Name.kept(CommMessage.keyOf(message.commId()));
    send(
        new ToExecutor.Execute(
            requests,
            "a widget",
            "",
            CellFunction.call(Set.of(name)),
            List.copyOf(manifest.entries()),
            List.of(),
            new Stamp(Math.max(cells, manifest.frontier().largest() + 1), writer, 0),
            manifest.frontier(),
            1,
            cells,
            new ToExecutor.Options(allowStdin, false, commits, outputLimitBytes),
            List.of(),
            "request-" + requests,
            message,
            null));
    return requests;
  }

  /** Has a message of a comm taken. */
  public Ran take(CommMessage message) throws Exception {
    return finish(start(message));
  }

  /** Waits for the end of the cell that was started. */
  public Ran finish(long requestId) throws Exception {
    List<FromExecutor> heard =
        until(m -> m instanceof FromExecutor.Finished f && f.requestId() == requestId);
    CellOutcome outcome = ((FromExecutor.Finished) heard.getLast()).outcome();
    Commit commit =
        switch (outcome) {
          case CellOutcome.Returned r -> r.committed().commit();
          case CellOutcome.Threw t -> t.committed().commit();
          case CellOutcome.Interrupted i -> i.committed().commit();
          case CellOutcome.Refused r -> null;
          case CellOutcome.CommitFailed c -> null;
        };
    if (commit != null) {
      manifest.apply(commit);
    }
    return new Ran(heard, outcome, text(heard, "stdout"), text(heard, "stderr"));
  }

  public static String text(List<FromExecutor> heard, String stream) {
    StringBuilder text = new StringBuilder();
    for (FromExecutor message : heard) {
      if (message instanceof FromExecutor.Stream s && s.stream().equals(stream)) {
        text.append(s.text());
      }
    }
    return text.toString();
  }

  /** Runs a cell to its end. */
  public Ran run(String source) throws Exception {
    return finish(start(source));
  }

  /** Waits until the cell has written this. */
  public void awaitOutput(String text) throws Exception {
    StringBuilder soFar = new StringBuilder();
    until(message -> {
      if (message instanceof FromExecutor.Stream stream) {
        soFar.append(stream.text());
      }
      return soFar.indexOf(text) >= 0;
    });
  }

  public void disconnect() throws IOException {
    if (connection != null) {
      connection.close();
    }
  }

  @Override
  public void close() throws IOException {
    disconnect();
  }
}
