package hydrocell.kernel.magic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.kernel.History;
import hydrocell.kernel.protocol.JsonTrees;
import hydrocell.kernel.protocol.MessageCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Commands on files: cells out of them and into them, text, pictures. */
final class FileMagics {
  private static final Pattern MAIN =
      Pattern.compile("\\bstatic\\s+(?:public\\s+)?void\\s+main\\s*\\(\\s*(?:final\\s+)?String");

  private static final Pattern TYPE =
      Pattern.compile("\\b(?:class|interface|enum|record)\\s+(\\w+)");
  private static final Pattern RANGE = Pattern.compile("(\\d{1,6})(?:-(\\d{1,6}))?");

  private FileMagics() {}

  static List<Magic> all() {
    return List.of(
        new Magic(
            "run",
            "%run NOTEBOOK or FILE.java [ARGUMENTS…]",
            "runs the cells of a notebook, or a file of Java and its main method",
            FileMagics::run),
        new Magic("load", "%load FILE", "the same as %run, without main", FileMagics::load),
        new Magic(
            "save",
            "%save [-a] FILE [1-3 5…]",
            "writes the notebook's cells, or those with these numbers, to a file or notebook",
            FileMagics::save),
        new Magic(
            "read",
            "%read FILE, or String text = %read FILE",
            "the text of a file",
            (context, arguments) ->
                context.value("java.nio.file.Files.readString(" + path(arguments) + ")")),
        new Magic(
            "image",
            "%image FILE or URL",
            "shows a picture",
            (context, arguments) ->
                context.value("hydrocell.api.Hydrocell.media(" + source(arguments) + ")")),
        new Magic(
            "writefile",
            Magic.Takes.TEXT,
            "%%writefile [-a] FILE above a text",
            "writes (or appends) the text to a file",
            FileMagics::write),
        new Magic(
            "write",
            Magic.Takes.TEXT,
            "%write VARIABLE FILE, or %%write FILE above a text",
            "writes a value's text, or the text, to a file",
            FileMagics::writeValue));
  }

  private static String path(String file) throws MagicException {
    if (file.isEmpty()) {
      throw new MagicException("which file?");
    }
    return "java.nio.file.Path.of(" + Literals.text(file) + ")";
  }

  private static String source(String place) throws MagicException {
    return place.matches("[a-z]+://.*")
        ? "java.net.URI.create(%s).toURL().openStream().readAllBytes()"
            .formatted(Literals.text(place))
        : path(place);
  }

  private static Path file(Magic.Context context, String name) throws MagicException {
    Path file = context.surroundings().directory().resolve(name);
    if (name.isBlank() || !Files.isReadable(file)) {
      throw new MagicException("there is no file " + file);
    }
    return file;
  }

  private static void load(Magic.Context context, String arguments)
      throws IOException, MagicException {
    Path file = file(context, arguments);
    String text = Files.readString(file);
    for (String cell : file.toString().endsWith(".ipynb") ? cellsOf(file, text) : List.of(text)) {
      context.run(cell);
    }
  }

  private static void run(Magic.Context context, String arguments)
      throws IOException, MagicException {
    boolean whole = Files.isReadable(context.surroundings().directory().resolve(arguments));
    String[] words = whole ? new String[] {arguments} : arguments.split("\\s+");
    load(context, words[0]);
    Path file = file(context, words[0]);
    if (file.toString().endsWith(".java")) {
      String main = mainOf(file, Files.readString(file));
      if (!main.isEmpty()) {
        String given =
            Stream.of(words).skip(1).map(Literals::text).reduce((a, b) -> a + ", " + b).orElse("");
        context.run("%s.main(new String[] {%s});".formatted(main, given));
      }
    }
  }

  /** The class whose main method a file begins with; empty when there is none. */
  private static String mainOf(Path file, String text) {
    Matcher main = MAIN.matcher(text);
    if (!main.find()) {
      return "";
    }
    String named = file.getFileName().toString().replaceFirst("\\.java$", "");
    String last = "";
    for (Matcher type = TYPE.matcher(text).region(0, main.start()); type.find(); ) {
      last = type.group(1);
      if (last.equals(named)) {
        return named;
      }
    }
    return last;
  }

  private static List<String> cellsOf(Path file, String text) throws MagicException {
    List<String> cells = new ArrayList<>();
    try {
      for (JsonNode cell : JsonTrees.read(text).path("cells")) {
        if (cell.path("cell_type").asText().equals("code")) {
          cells.add(joined(cell.path("source")));
        }
      }
    } catch (IOException e) {
      throw new MagicException(file + " is no notebook: " + e.getMessage());
    }
    return cells;
  }

  private static String joined(JsonNode source) {
    StringBuilder text = new StringBuilder(source.isTextual() ? source.asText() : "");
    source.forEach(line -> text.append(line.asText()));
    return text.toString();
  }

  private static void save(Magic.Context context, String arguments)
      throws IOException, MagicException {
    List<String> words =
        new ArrayList<>(Stream.of(arguments.split("\\s+")).filter(w -> !w.isEmpty()).toList());
    boolean append = words.remove("-a");
    words.remove("-f");
    if (words.isEmpty()) {
      throw new MagicException("it is written %%save [-a] FILE [1-3 5…]".formatted());
    }
    Path file = context.surroundings().directory().resolve(words.removeFirst());
    List<String> sources = chosen(context, words);
    String text =
        file.toString().endsWith(".ipynb")
            ? notebook(sources)
            : String.join("\n\n", sources) + "\n";
    put(file, text, append);
    context.print("wrote %d cells to %s".formatted(sources.size(), file));
  }

  /** The last sources of the cells with these numbers; of all when there are none. */
  private static List<String> chosen(Magic.Context context, List<String> ranges)
      throws IOException, MagicException {
    Map<Integer, String> last = new LinkedHashMap<>();
    for (History.Line line : context.history().lines()) {
      last.remove(line.cellNumber());
      last.put(line.cellNumber(), line.source());
    }
    if (ranges.isEmpty()) {
      return List.copyOf(last.values());
    }
    List<String> chosen = new ArrayList<>();
    for (String each : ranges) {
      Matcher range = RANGE.matcher(each);
      if (!range.matches()) {
        throw new MagicException("cells are named by numbers as 1-3, not by '" + each + "'");
      }
      int from = Integer.parseInt(range.group(1));
      int to = range.group(2) == null ? from : Integer.parseInt(range.group(2));
      for (Map.Entry<Integer, String> cell : last.entrySet()) {
        if (cell.getKey() >= from && cell.getKey() <= to) {
          chosen.add(cell.getValue());
        }
      }
    }
    if (chosen.isEmpty()) {
      throw new MagicException("no cell with these numbers has run");
    }
    return chosen;
  }

  private static String notebook(List<String> sources) {
    ObjectNode notebook = MessageCodec.object();
    ArrayNode cells = notebook.putArray("cells");
    int number = 0;
    for (String source : sources) {
      ObjectNode cell = cells.addObject();
      cell.put("cell_type", "code").put("id", "cell-" + ++number).putNull("execution_count");
      cell.putObject("metadata");
      cell.putArray("outputs");
      cell.put("source", source);
    }
    ObjectNode metadata = notebook.putObject("metadata");
    metadata
        .putObject("kernelspec")
        .put("name", "hydrocell")
        .put("display_name", "Java (Hydrocell)")
        .put("language", "java");
    notebook.put("nbformat", 4).put("nbformat_minor", 5);
    return new String(JsonTrees.write(notebook), StandardCharsets.UTF_8);
  }

  private static void put(Path file, String text, boolean append) throws IOException {
    if (append) {
      Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } else {
      Files.writeString(file, text);
    }
  }

  private static void write(Magic.Context context, String arguments)
      throws IOException, MagicException {
    String line = context.call().inLine();
    boolean append = line.startsWith("-a ");
    String name = append ? line.substring(3).strip() : line;
    if (name.isEmpty() || !context.call().arguments().contains("\n")) {
      throw new MagicException("it is written %%writefile [-a] FILE above a text");
    }
    Path file = context.surroundings().directory().resolve(name);
    String below = context.call().below().substring(context.call().line() + 1);
    put(file, below.endsWith("\n") ? below : below + "\n", append);
    context.print((append ? "appended to " : "wrote ") + file);
  }

  private static void writeValue(Magic.Context context, String arguments)
      throws IOException, MagicException {
    if (context.call().arguments().contains("\n")) {
      write(context, arguments);
      return;
    }
    String[] words = arguments.split("\\s+", 2);
    if (words.length < 2) {
      throw new MagicException("it is written %write VARIABLE FILE");
    }
    context.run(
        "java.nio.file.Files.writeString(%s, String.valueOf(%s));"
            .formatted(path(words[1]), words[0]));
  }
}
