package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a source is compiled against: of a notebook's names those that the source can reach. A word
 * of the source may be a name; what it is defined by comes with it, and what is defined by it.
 */
final class CompileStep {
  private static final Pattern WORD =
      Pattern.compile("\\p{javaJavaIdentifierStart}\\p{javaJavaIdentifierPart}*");
  private static final Pattern ESCAPE = Pattern.compile("\\\\u+([0-9a-fA-F]{4})");

  /** So many names of the notebook are offered for one word. */
  private static final int MAX_CANDIDATES = 200;

  private CompileStep() {}

  /** The context of a source. */
  static CompileRequest.Context context(Manifest manifest, String source) {
    Map<Name, Symbol> reached = new TreeMap<>();
    List<Name> named = new ArrayList<>();
    manifest.named(words(source)).forEach(entry -> named.add(entry.name()));
    collect(manifest, named, reached);
    collect(manifest, manifest.dependents(named), reached);
    Set<String> missing = words(source);
    for (Entry entry : manifest.entries()) {
      Symbol symbol = entry.symbol();
      if (symbol.name().kind() == Kind.IMPORT) {
        reached.put(symbol.name(), symbol);
      } else if (symbol.missing().stream().anyMatch(missing::contains)) {
        collect(manifest, List.of(symbol.name()), reached);
      }
    }
    return new CompileRequest.Context(
        List.copyOf(reached.values()),
        Dependencies.classPath(manifest),
        Setting.PREVIEW.isOn(manifest));
  }

  /** The context of a source whose last word before the cursor may be the beginning of a name. */
  static CompileRequest.Context completing(Manifest manifest, String source, int cursor) {
    int start = cursor;
    while (start > 0 && Character.isJavaIdentifierPart(source.charAt(start - 1))) {
      start--;
    }
    String typed = source.substring(start, cursor);
    String candidates =
        manifest.entries().stream()
            .filter(entry -> entry.name().kind().isSpoken())
            .filter(entry -> entry.name().text().regionMatches(true, 0, typed, 0, typed.length()))
            .sorted(Comparator.comparingInt(Entry::cellNumber).reversed())
            .map(entry -> entry.name().text())
            .limit(MAX_CANDIDATES)
            .collect(Collectors.joining(" "));
    return context(manifest, source + "\n" + candidates);
  }

  /** Which cell wrote each name of a context, by the name's spelling. */
  static Map<String, Integer> cellNumbers(Manifest manifest, CompileRequest.Context context) {
    Map<String, Integer> numbers = new TreeMap<>();
    for (Symbol symbol : context.symbols()) {
      Entry entry = manifest.get(symbol.name());
      if (entry != null) {
        numbers.put(symbol.name().toString(), entry.cellNumber());
      }
    }
    return numbers;
  }

  private static void collect(Manifest manifest, Iterable<Name> names, Map<Name, Symbol> reached) {
    Deque<Name> open = new ArrayDeque<>();
    names.forEach(open::add);
    while (!open.isEmpty()) {
      Entry entry = manifest.get(open.poll());
      if (entry != null && reached.putIfAbsent(entry.name(), entry.symbol()) == null) {
        open.addAll(entry.symbol().refs());
      }
    }
  }

  private static Set<String> words(String source) {
    String plain =
        source.contains("\\u")
            ? ESCAPE
                .matcher(source)
                .replaceAll(m ->
                    Matcher.quoteReplacement(Character.toString(Integer.parseInt(m.group(1), 16))))
            : source;
    Set<String> words = new HashSet<>();
    Matcher matcher = WORD.matcher(plain);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  /** The entries that a compiled cell can reach, by what it and its definitions refer to. */
  static Map<Name, Entry> reach(Session session, hydrocell.cell.CellFunction function) {
    Set<Name> names = new HashSet<>();
    names.addAll(function.reads());
    names.addAll(function.writes());
    names.addAll(function.refs());
    for (Symbol symbol : function.defines()) {
      names.add(symbol.name());
      names.addAll(symbol.refs());
      names.addAll(symbol.reads());
      names.addAll(symbol.writes());
    }
    return new LinkedHashMap<>(session.closure(names));
  }
}
