package hydrocell.executor.compiler;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.anna.wire.FrameListener;
import hydrocell.anna.wire.Handshake;
import hydrocell.api.CellRuntime;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.cell.message.Messages;
import hydrocell.executor.javadoc.Library;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Somebody who types into a notebook: compiles cells and asks for proposals and documentation, all
 * over the socket of a compile service. The place of the cursor in a source is {@value #CURSOR}.
 */
final class TypingSession implements AutoCloseable {
  static final String CURSOR = "‸";

  private static final byte[] TOKEN = {1, 2, 3};

  private final Path folder;
  private final FrameListener listener;
  private final FrameConnection connection;
  private final Map<Name, Symbol> symbols = new TreeMap<>();
  private final List<CompileRequest.Library> libraries = new ArrayList<>();
  private long requests;

  /** With the JDK's sources as they are installed. */
  TypingSession() throws IOException {
    this(new Library(Library.sourcesOfJdk()));
  }

  TypingSession(Library library) throws IOException {
    folder = Files.createTempDirectory("hc");
    Path api =
        Path.of(CellRuntime.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    CompileService service = new CompileService(api, nothingStored(), TOKEN, false, library);
    listener =
        FrameListener.start(Endpoint.unix(folder.resolve("compile")), "compile", service::serve);
    connection = FrameConnection.connect(listener.endpoint());
    Handshake.open(connection, "test", TOKEN);
  }

  /** The service still has the class files of all cells that it compiled. */
  private static AnnaClient nothingStored() {
    return (AnnaClient)
        Proxy.newProxyInstance(
            AnnaClient.class.getClassLoader(),
            new Class<?>[] {AnnaClient.class},
            (self, method, arguments) -> {
              throw new IllegalStateException("nothing is stored: " + method.getName());
            });
  }

  private CompileRequest.Context context() {
    return new CompileRequest.Context(List.copyOf(symbols.values()), List.copyOf(libraries), false);
  }

  private <R extends CompileReply> R ask(Class<R> expected, CompileRequest request)
      throws IOException {
    Messages.send(connection, CompileRequest.class, request);
    return assertInstanceOf(expected, Messages.receive(connection, CompileReply.class));
  }

  private Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new TreeMap<>();
    symbols.keySet().forEach(name -> numbers.put(name.toString(), 1));
    return numbers;
  }

  /** Another notebook, with the same compile service. */
  void beginAnew() {
    symbols.clear();
    libraries.clear();
  }

  /** Cells see the classes of a jar. */
  void add(Path jar) {
    libraries.add(new CompileRequest.Library(jar.toString(), "test"));
  }

  /** Compiles a cell that must be right; its names are those of the session then. */
  void cell(String source) throws IOException {
    CompileReply.Compiled reply =
        ask(
            CompileReply.Compiled.class,
            new CompileRequest.Compile(++requests, "cell [1]", source, context()));
    reply.function().defines().forEach(symbol -> symbols.put(symbol.name(), symbol));
  }

  CompileReply.Completions complete(String source) throws IOException {
    int cursor = source.indexOf(CURSOR);
    assertTrue(cursor >= 0, () -> "no cursor in " + source);
    return ask(
        CompileReply.Completions.class,
        new CompileRequest.Complete(++requests, source.replace(CURSOR, ""), cursor, context()));
  }

  /** The texts proposed, the best first. */
  List<String> proposals(String source) throws IOException {
    return complete(source).proposals().stream().map(CompileReply.Completion::text).toList();
  }

  /** What is known at the cursor; null when nothing. */
  MimeBundle inspect(String source, int detail) throws IOException {
    return inspected(source, detail).documentation();
  }

  CompileReply.Inspected inspected(String source, int detail) throws IOException {
    int cursor = source.indexOf(CURSOR);
    assertTrue(cursor >= 0, () -> "no cursor in " + source);
    return ask(
        CompileReply.Inspected.class,
        new CompileRequest.Inspect(
            ++requests, source.replace(CURSOR, ""), cursor, detail, context(), numbers()));
  }

  CompileReply.Completeness completeness(String source) throws IOException {
    return ask(
        CompileReply.Completeness.class, new CompileRequest.CheckComplete(++requests, source));
  }

  @Override
  public void close() throws IOException {
    connection.close();
    listener.close();
    Files.deleteIfExists(folder.resolve("compile"));
    Files.deleteIfExists(folder);
  }
}
