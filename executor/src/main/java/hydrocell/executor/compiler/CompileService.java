package hydrocell.executor.compiler;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.ValueReader;
import hydrocell.anna.Values;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.Handshake;
import hydrocell.cell.CellFunction;
import hydrocell.cell.ClassFile;
import hydrocell.cell.ClassRef;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.TheirSession;
import hydrocell.cell.local.CauseText;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.Messages;
import hydrocell.cell.wire.RecordCodec;
import hydrocell.executor.javadoc.Library;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the compile requests of one person's kernels. Each compilation has a thread of its own
 * with a large stack and a time limit, so that a source that javac cannot take costs only its
 * request. Thread-safe.
 */
public final class CompileService {
  private static final Logger LOG = LoggerFactory.getLogger(CompileService.class);
  private static final long STACK_BYTES = 512L << 20;
  private static final long LIMIT_MS = 30_000;
  private static final long TYPING_LIMIT_MS = 10_000;
  private static final int MAX_CAUSES = 20;
  private static final int OVERRAN_STATUS = 4;
  private static final long IDLE_LIMIT_NS = TimeUnit.MINUTES.toNanos(10);
  private static final long FUNCTION_CACHE_BYTES = 64L << 20;
  private static final int CLASS_CACHE_ENTRIES = 4096;

  private final CellCompiler compiler;
  private final Javac javac;
  private final Javac typing;
  private final Completer completer;
  private final Inspector inspector;
  private final AnnaClient anna;
  private final byte[] token;
  private final boolean processing;
  private volatile boolean overran;
  private volatile long askedNs = System.nanoTime();
  private final Processors processors = new Processors();
  private final FunctionCache functions = new FunctionCache(FUNCTION_CACHE_BYTES);
  private Consumer<String> host = line -> {};
  private final Map<String, byte[]> classes =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, byte[]> eldest) {
          return size() > CLASS_CACHE_ENTRIES;
        }
      };

  /**
   * A service.
   *
   * @param api jar or folder that holds hydrocell.api
   * @param anna where class files of earlier cells lie
   * @param token what kernels must present
   * @param processing whether annotation processors of libraries run here, which is code of theirs
   */
  public CompileService(Path api, AnnaClient anna, byte[] token, boolean processing) {
    this(api, anna, token, processing, new Library(Library.sourcesOfJdk()));
  }

  CompileService(Path api, AnnaClient anna, byte[] token, boolean processing, Library library) {
    this.processing = processing;
    this.javac = new Javac(api, processing);
    ClassIndex classIndex = new ClassIndex();
    this.compiler = new CellCompiler(javac, this::classBytes, classIndex);
    // What is asked while somebody types does not wait for compilations, nor they for it.
    this.typing = new Javac(api, false);
    this.completer = new Completer(typing, this::classBytes, classIndex);
    this.inspector = new Inspector(typing, this::classBytes, library, api);
    this.anna = anna;
    this.token = token.clone();
  }

  /** Compiles and asks what notebooks begin with, so that the first cell finds javac warm. */
  public void warm() {
    CompileRequest.Context nothing = new CompileRequest.Context(List.of(), List.of(), false);
    List<String> cells =
        List.of(
            "1+1",
            "int x = 3;\nx",
            "record P(int a) {}\nvar p = new P(1);",
            "int f(int n) { return n; }\nSystem.out.println(f(1));");
    for (String cell : cells) {
      answer(new CompileRequest.Compile(0, "cell [0]", cell, nothing));
    }
    for (String typed : List.of("List.of(\"a\").forEach(x -> x.len", "var s = new Strin")) {
      answer(new CompileRequest.Complete(0, typed, typed.length(), nothing));
    }
    answer(new CompileRequest.Inspect(0, "Math.max(1, 2)", 6, 0, nothing, Map.of()));
    answer(new CompileRequest.CheckComplete(0, "if (x)"));
  }

  /** Returns, and ends this process, when nobody has asked for anything for a while. */
  void endWhenIdle() {
    long leftNs = IDLE_LIMIT_NS;
    while (leftNs > 0) {
      LockSupport.parkNanos(leftNs);
      leftNs = IDLE_LIMIT_NS - (System.nanoTime() - askedNs);
    }
    LOG.info("nobody asked for anything for a while");
    System.exit(0);
  }

  /** Serves one kernel until it goes. */
  public void serve(FrameConnection connection) {
    try {
      Handshake.accept(connection, token);
      for (CompileRequest request = Messages.receive(connection, CompileRequest.class);
          request != null;
          request = Messages.receive(connection, CompileRequest.class)) {
        askedNs = System.nanoTime();
        FaultPoint.COMPILER_BEFORE_COMPILE.reached();
        CompileReply reply = answer(request);
        FaultPoint.COMPILER_AFTER_COMPILE.reached();
        Messages.send(connection, CompileReply.class, reply);
        if (processing && overran) {
          // A thread that a processor keeps cannot be taken from it, and takes a core for ever.
          LOG.warn("an annotation processor does not end: this process does");
          Runtime.getRuntime().halt(OVERRAN_STATUS);
        }
      }
    } catch (IOException e) {
      LOG.info("a kernel's connection ended: {}", e.getMessage());
    }
  }

  /** Answers one request; what goes wrong becomes an answer, too. */
  CompileReply answer(CompileRequest request) {
    return switch (request) {
      case CompileRequest.Compile compile -> compileCached(compile);
      case CompileRequest.Complete complete ->
          limited(request.id(), typing, TYPING_LIMIT_MS, () -> completer.complete(complete));
      case CompileRequest.Inspect inspect ->
          limited(request.id(), typing, TYPING_LIMIT_MS, () -> inspector.inspect(inspect));
      case CompileRequest.CheckComplete check ->
          limited(
              request.id(),
              typing,
              TYPING_LIMIT_MS,
              () -> Completeness.of(check.id(), check.source(), typing));
    };
  }

  /** Who is told after each compilation: {@code compiled ASKED CACHED}. Before it serves. */
  void tell(Consumer<String> host) {
    this.host = host;
  }

  private CompileReply compileCached(CompileRequest.Compile request) {
    String key = keyOf(request);
    CellFunction known = functions.get(key);
    host.accept("compiled " + functions.figures());
    if (known != null) {
      return new CompileReply.Compiled(request.id(), known, true);
    }
    if (!processing && processors.mayBeNeeded(request)) {
      return new CompileReply.ProcessorsNeeded(request.id());
    }
    CompileReply reply = limited(request.id(), javac, LIMIT_MS, () -> compiler.compile(request));
    if (reply instanceof CompileReply.Compiled compiled) {
      functions.put(key, compiled.function());
      for (ClassFile file : compiled.function().classes()) {
        remember(file.ref(), file.bytes());
      }
    }
    return reply;
  }

  private static String keyOf(CompileRequest.Compile request) {
    ByteWriter out = new ByteWriter(1024).text(request.source());
    RecordCodec.write(out, CompileRequest.Context.class, request.context());
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(out.view());
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private CompileReply limited(long id, Javac used, long limitMs, Supplier<CompileReply> work) {
    CompletableFuture<CompileReply> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            null,
            () -> {
              try {
                done.complete(work.get());
              } catch (Throwable e) {
                done.completeExceptionally(e);
              }
            },
            "compile",
            STACK_BYTES);
    thread.setDaemon(true);
    thread.start();
    try {
      return done.get(limitMs, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      used.abandon();
      overran = true;
      return new CompileReply.CompilerFailed(
          id,
          "the compiler took longer than %d s: divide the cell into smaller ones"
              .formatted(limitMs / 1000));
    } catch (ExecutionException e) {
      return failed(id, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new CompileReply.CompilerFailed(id, "the compile service is stopping: run it again");
    }
  }

  private CompileReply failed(long id, Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      LOG.error("out of memory; the host starts another compile service");
      Runtime.getRuntime().halt(3);
    }
    if (cause instanceof StackOverflowError) {
      return new CompileReply.CompilerFailed(
          id, "the cell is too deeply nested for the compiler: divide it into smaller expressions");
    }
    if (cause instanceof AnnaException) {
      return new CompileReply.CompilerFailed(
          id, "a class of an earlier cell cannot be read: " + cause.getMessage());
    }
    LOG.error("the compiler failed: {}", CauseText.of(cause));
    if (processing) {
      Throwable first = cause;
      for (int depth = 0; first.getCause() != null && depth < MAX_CAUSES; depth++) {
        first = first.getCause();
      }
      return new CompileReply.CompilerFailed(
          id,
          "an annotation processor of this notebook's libraries failed (%s): take another version"
                  .formatted(first)
              + " of it, or leave its annotations out");
    }
    return new CompileReply.CompilerFailed(
        id, "the compiler failed (" + cause + "): this is a fault of Hydrocell or of javac");
  }

  private byte[] classBytes(ClassRef ref, CompileRequest.Context context) {
    synchronized (classes) {
      byte[] known = classes.get(ref.sha256());
      if (known != null) {
        return known;
      }
    }
    Key key =
        context.of().isEmpty()
            ? SessionKeys.classFile(ref.sha256())
            : Key.of(TheirSession.parse(context.of()).classPrefix(), ref.sha256());
    ValueReader file = anna.readValue(key).join();
    byte[] bytes = file == null ? null : file.readAll();
    // What one person calls by a hash is kept for all sessions, also those of others.
    if (bytes == null || !Values.sha256(ByteBuffer.wrap(bytes)).equals(ref.sha256())) {
      throw new AnnaException(
          AnnaException.Reason.CORRUPT,
          ref.binaryName() + " is not in the store: run the cell that defines it again");
    }
    remember(ref, bytes);
    return bytes;
  }

  private void remember(ClassRef ref, byte[] bytes) {
    synchronized (classes) {
      classes.put(ref.sha256(), bytes);
    }
  }
}
