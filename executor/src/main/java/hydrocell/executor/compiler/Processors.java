package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Which cells annotation processors may have a say in: those with an annotation that is not one of
 * the language's, in notebooks that asked for a library with a processor. Here it is only looked
 * for, never run. Thread-safe.
 */
final class Processors {
  private static final String SERVICES = "META-INF/services/javax.annotation.processing.Processor";
  private static final int MAX_SERVICES_BYTES = 1 << 16;
  private static final Pattern ANNOTATION =
      Pattern.compile(
          "@(?!(?:interface|Override|Deprecated|FunctionalInterface|SafeVarargs|SuppressWarnings)\\b)"
              + "\\p{javaJavaIdentifierStart}");

  private static final Pattern LOMBOKS_VAL =
      Pattern.compile("\\bimport\\s+lombok\\.(?:\\*|val)\\s*;");

  private final Map<CompileRequest.Library, Boolean> known = new ConcurrentHashMap<>();

  /** Whether this compilation is one for {@link CompileService} with processors. */
  boolean mayBeNeeded(CompileRequest.Compile request) {
    return isAnnotated(request) && request.context().classPath().stream().anyMatch(this::has);
  }

  /**
   * A source with {@code var} for Lombok's {@code val}, which says nothing else to a cell; the
   * offsets stay.
   */
  static String withoutVal(String source, List<Symbol> context) {
    if (!source.contains("val ") || !importsVal(source, context)) {
      return source;
    }
    StringBuilder text = new StringBuilder(source);
    List<Token> tokens = Token.scan(source);
    for (int i = 0; i + 2 < tokens.size(); i++) {
      Token after = tokens.get(i + 2);
      if (tokens.get(i).is("val")
          && tokens.get(i + 1).isWord()
          && (after.is("=") || after.is(":"))) {
        text.setCharAt(tokens.get(i).end() - 1, 'r');
      }
    }
    return text.toString();
  }

  private static boolean importsVal(String source, List<Symbol> context) {
    return LOMBOKS_VAL.matcher(source).find()
        || context.stream()
            .map(Symbol::name)
            .anyMatch(name ->
                name.kind() == Kind.IMPORT
                    && (name.text().equals("lombok.*") || name.text().equals("lombok.val")));
  }

  private static boolean isAnnotated(CompileRequest.Compile request) {
    return ANNOTATION.matcher(request.source()).find()
        || request.context().symbols().stream()
            .map(Symbol::sources)
            .flatMap(List::stream)
            .anyMatch(source -> ANNOTATION.matcher(source).find());
  }

  private boolean has(CompileRequest.Library library) {
    if (!library.wanted()) {
      return false;
    }
    // A folder may change; a jar is known by its content.
    return Files.isDirectory(Path.of(library.path()))
        ? !names(library).isEmpty()
        : known.computeIfAbsent(library, each -> !names(each).isEmpty());
  }

  /**
   * The processors that may run: those of libraries that the user asked for. What came along with
   * another library is only there to be called.
   */
  static List<String> names(List<CompileRequest.Library> classPath) {
    return classPath.stream()
        .filter(CompileRequest.Library::wanted)
        .flatMap(library -> names(library).stream())
        .distinct()
        .toList();
  }

  private static List<String> names(CompileRequest.Library library) {
    try {
      return services(Path.of(library.path()))
          .lines()
          .map(line -> line.replaceFirst("#.*", "").strip())
          .filter(name -> !name.isEmpty())
          .toList();
    } catch (IOException e) {
      // Whoever compiles against it says that it cannot be read.
      return List.of();
    }
  }

  private static String services(Path library) throws IOException {
    if (Files.isDirectory(library)) {
      Path file = library.resolve(SERVICES);
      return Files.exists(file) ? Files.readString(file) : "";
    }
    try (ZipFile jar = new ZipFile(library.toFile())) {
      ZipEntry entry = jar.getEntry(SERVICES);
      if (entry == null) {
        return "";
      }
      try (InputStream in = jar.getInputStream(entry)) {
        return new String(in.readNBytes(MAX_SERVICES_BYTES), StandardCharsets.UTF_8);
      }
    }
  }
}
