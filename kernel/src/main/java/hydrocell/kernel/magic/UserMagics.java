package hydrocell.kernel.magic;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Commands that the notebook's own methods are, by an annotation {@code @LineMagic} or
 * {@code @CellMagic}. They are found in the sources of its methods, and so are kept as these are.
 */
final class UserMagics {
  private static final Pattern ANNOTATION =
      Pattern.compile(
          "@(?:[\\w.]*\\.)?(Line|Cell)Magic\\b(?:\\s*\\(\\s*(?:value\\s*=\\s*)?\"([^\"]*)\"\\s*\\))?");

  private UserMagics() {}

  /** All of a notebook's. */
  static List<Magic> of(Manifest manifest) {
    List<Magic> found = new ArrayList<>();
    for (Entry entry : manifest.entries()) {
      if (entry.name().kind() == Kind.METHOD) {
        for (String source : entry.symbol().sources()) {
          Magic magic = magicOf(entry.name().text(), source);
          if (magic != null) {
            found.add(magic);
          }
        }
      }
    }
    return found;
  }

  /** The one with this name; null when there is none. */
  static @Nullable Magic named(Manifest manifest, String name) {
    return of(manifest).stream().filter(each -> each.name().equals(name)).findFirst().orElse(null);
  }

  private static @Nullable Magic magicOf(String method, String source) {
    Matcher annotation = ANNOTATION.matcher(source);
    Matcher head =
        Pattern.compile("\\b" + Pattern.quote(method) + "\\s*\\(([^)]*)\\)").matcher(source);
    if (!annotation.find() || !head.find(annotation.end())) {
      return null;
    }
    String given = annotation.group(2);
    String name = given == null || given.isEmpty() ? method : given;
    List<String> parameters = parameters(head.group(1));
    boolean cell = annotation.group(1).equals("Cell");
    return new Magic(
        name,
        cell ? Magic.Takes.TEXT : Magic.Takes.WORDS,
        cell ? "%%" + name + " above a text" : "%" + name,
        "a method of this notebook",
        (context, arguments) -> call(context, method, parameters, cell));
  }

  private static List<String> parameters(String list) {
    return Stream.of(list.split(",(?![^<]*>)"))
        .map(String::strip)
        .filter(parameter -> !parameter.isEmpty())
        .map(parameter -> parameter.replaceFirst("\\s*[\\w$]+$", ""))
        .toList();
  }

  private static void call(
      Magic.Context context, String method, List<String> parameters, boolean cell)
      throws IOException, MagicException {
    List<String> given = new ArrayList<>();
    int lines = cell ? parameters.size() - 1 : parameters.size();
    if (lines > 1 || lines < 0) {
      throw new MagicException(
          "%s takes %d arguments: a command's method takes its line%s"
              .formatted(method, parameters.size(), cell ? " and its text, or its text" : ""));
    }
    if (lines == 1) {
      given.add(line(context.call().inLine(), parameters.getFirst()));
    }
    if (cell) {
      given.add(Literals.text(context.call().below().stripLeading()));
    }
    context.value("%s(%s)".formatted(method, String.join(", ", given)));
  }

  private static String line(String line, String type) {
    if (type.matches("(?:final\\s+)?(?:java\\.lang\\.)?(?:String|CharSequence|Object)")) {
      return Literals.text(line);
    }
    String words =
        Stream.of(line.split("\\s+"))
            .filter(word -> !word.isEmpty())
            .map(Literals::text)
            .collect(Collectors.joining(", "));
    return type.contains("List") || type.contains("Collection")
        ? "java.util.List.of(" + words + ")"
        : "new String[] {" + words + "}";
  }
}
