package hydrocell.executor.javadoc;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A fragment of HTML, whoever wrote it, as the three forms in which documentation is shown: HTML
 * with harmless markup alone, Markdown, and plain text.
 */
public final class HtmlText {
  private static final Set<String> ALLOWED =
      Set.of(
          "p",
          "ul",
          "ol",
          "li",
          "dl",
          "dt",
          "dd",
          "pre",
          "code",
          "b",
          "strong",
          "i",
          "em",
          "sub",
          "sup",
          "blockquote",
          "table",
          "thead",
          "tbody",
          "tr",
          "td",
          "th",
          "br",
          "h4");
  private static final Set<String> HEADINGS = Set.of("h1", "h2", "h3", "h5", "h6");
  private static final Set<String> SKIPPED = Set.of("script", "style", "head", "button", "svg");
  private static final Map<String, String> ENTITIES =
      Map.ofEntries(
          Map.entry("lt", "<"),
          Map.entry("gt", ">"),
          Map.entry("amp", "&"),
          Map.entry("quot", "\""),
          Map.entry("apos", "'"),
          Map.entry("nbsp", " "),
          Map.entry("ndash", "–"),
          Map.entry("mdash", "—"),
          Map.entry("hellip", "…"),
          Map.entry("le", "≤"),
          Map.entry("ge", "≥"),
          Map.entry("ne", "≠"),
          Map.entry("times", "×"),
          Map.entry("rarr", "→"),
          Map.entry("larr", "←"),
          Map.entry("infin", "∞"),
          Map.entry("pi", "π"),
          Map.entry("theta", "θ"),
          Map.entry("radic", "√"),
          Map.entry("copy", "©"),
          Map.entry("lsquo", "‘"),
          Map.entry("rsquo", "’"),
          Map.entry("ldquo", "“"),
          Map.entry("rdquo", "”"),
          Map.entry("lbrace", "{"),
          Map.entry("rbrace", "}"),
          Map.entry("commat", "@"));

  private HtmlText() {}

  /** What a fragment consists of. */
  private sealed interface Part {
    /** Text, without entities. */
    record Text(String text) implements Part {}

    /** The beginning or end of an element. */
    record Tag(String name, boolean end) implements Part {}
  }

  /** A text as HTML. */
  public static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  private static List<Part> parts(String html) {
    List<Part> parts = new ArrayList<>();
    String skipped = "";
    int at = 0;
    while (at < html.length()) {
      int open = html.indexOf('<', at);
      int stop = open < 0 ? html.length() : open;
      if (stop > at && skipped.isEmpty()) {
        parts.add(new Part.Text(decode(html.substring(at, stop))));
      }
      int close = open < 0 ? -1 : html.indexOf('>', open);
      if (close < 0) {
        break;
      }
      String inside = html.substring(open + 1, close);
      boolean end = inside.startsWith("/");
      String name = inside.substring(end ? 1 : 0).split("[\\s/]", 2)[0].toLowerCase(Locale.ROOT);
      if (skipped.isEmpty() && SKIPPED.contains(name) && !inside.endsWith("/")) {
        skipped = name;
      } else if (skipped.equals(name) && end) {
        skipped = "";
      } else if (skipped.isEmpty() && HEADINGS.contains(name)) {
        parts.add(new Part.Tag("h4", end));
      } else if (skipped.isEmpty() && ALLOWED.contains(name)) {
        parts.add(new Part.Tag(name, end));
      } else if (skipped.isEmpty() && name.equals("div")) {
        parts.add(new Part.Tag("p", false));
      }
      at = close + 1;
    }
    return parts;
  }

  private static String decode(String text) {
    StringBuilder out = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int and = text.indexOf('&', at);
      int semicolon = and < 0 ? -1 : text.indexOf(';', and);
      if (semicolon < 0) {
        break;
      }
      out.append(text, at, and);
      String known = entity(text.substring(and + 1, semicolon));
      out.append(known.isEmpty() ? "&" : known);
      at = known.isEmpty() ? and + 1 : semicolon + 1;
    }
    return out.append(text.substring(at)).toString();
  }

  private static String entity(String name) {
    if (name.matches("#\\d{1,6}")) {
      return character(Integer.parseInt(name.substring(1)));
    }
    if (name.matches("#[xX][0-9a-fA-F]{1,5}")) {
      return character(Integer.parseInt(name.substring(2), 16));
    }
    return ENTITIES.getOrDefault(name, "");
  }

  private static String character(int codePoint) {
    return Character.isDefined(codePoint) ? Character.toString(codePoint) : "";
  }

  /** The fragment with nothing but plain elements, without attributes. */
  public static String html(String fragment) {
    StringBuilder out = new StringBuilder();
    for (Part part : parts(fragment)) {
      switch (part) {
        case Part.Text(String text) -> out.append(escape(text));
        case Part.Tag(String name, boolean end) ->
            out.append(end ? "</" : "<").append(name).append('>');
      }
    }
    return out.toString();
  }

  /** The fragment as Markdown. */
  public static String markdown(String fragment) {
    return new Lines(true).write(parts(fragment));
  }

  /** The fragment as plain text, in lines that are not too long. */
  public static String plain(String fragment) {
    return new Lines(false).write(parts(fragment));
  }

  /** Writes parts in lines. */
  private static final class Lines {
    private static final int WIDTH = 88;

    private final boolean markdown;
    private final List<String> lines = new ArrayList<>();
    private final StringBuilder line = new StringBuilder();
    private String indent = "";
    private int lists;
    private boolean preformatted;

    Lines(boolean markdown) {
      this.markdown = markdown;
    }

    String write(List<Part> parts) {
      for (Part part : parts) {
        switch (part) {
          case Part.Text(String text) -> text(text);
          case Part.Tag(String name, boolean end) -> tag(name, end);
        }
      }
      endLine();
      return String.join("\n", lines).replaceAll("\n{3,}", "\n\n").strip();
    }

    private void text(String text) {
      if (preformatted) {
        line.append(text);
        return;
      }
      String folded = text.replaceAll("\\s+", " ");
      boolean begins = line.isEmpty() || line.charAt(line.length() - 1) == ' ';
      line.append(begins && folded.startsWith(" ") ? folded.substring(1) : folded);
    }

    private void tag(String name, boolean end) {
      switch (name) {
        case "p", "blockquote", "table", "dl" -> blank();
        case "br", "tr", "dt" -> endLine();
        case "h4" -> heading(end);
        case "ul", "ol" -> {
          endLine();
          if (!end) {
            closeUp();
          }
          lists = Math.max(0, lists + (end ? -1 : 1));
          if (lists == 0) {
            blank();
          }
        }
        case "li" -> item(end, "- ");
        case "dd" -> item(end, "  ");
        case "td", "th" -> line.append(end ? "  " : "");
        case "pre" -> pre(end);
        case "code" -> mark("`");
        case "b", "strong" -> mark("**");
        case "i", "em" -> mark("*");
        default -> {}
      }
    }

    /** No empty line between a plain heading and its list. */
    private void closeUp() {
      int last = lines.size() - 1;
      if (!markdown && last > 0 && lines.get(last).isEmpty() && lines.get(last - 1).endsWith(":")) {
        lines.removeLast();
      }
    }

    private void mark(String sign) {
      if (markdown && !preformatted) {
        line.append(sign);
      }
    }

    private void heading(boolean end) {
      if (!end) {
        blank();
        line.append(markdown ? "#### " : "");
      } else {
        blank();
      }
    }

    private void item(boolean end, String sign) {
      endLine();
      indent = end ? "" : "  ".repeat(Math.max(0, lists - 1)) + sign;
    }

    private void pre(boolean end) {
      if (end) {
        String text = line.toString();
        line.setLength(0);
        preformatted = false;
        aligned(text).forEach(each -> lines.add(markdown ? each : "    " + each));
        lines.add(markdown ? "```" : "");
      } else {
        blank();
        preformatted = true;
        if (markdown) {
          lines.add("```java");
        }
      }
    }

    /** The lines without what all but the first begin with: that one may have lost it. */
    private static List<String> aligned(String text) {
      List<String> all = new ArrayList<>(text.lines().toList());
      while (!all.isEmpty() && all.getFirst().isBlank()) {
        all.removeFirst();
      }
      if (all.isEmpty()) {
        return all;
      }
      boolean lost = !Character.isWhitespace(all.getFirst().charAt(0));
      String rest = String.join("\n", lost ? all.subList(1, all.size()) : all);
      List<String> stripped = new ArrayList<>(rest.stripIndent().stripTrailing().lines().toList());
      if (lost) {
        stripped.addFirst(all.getFirst());
      }
      return stripped;
    }

    private void blank() {
      endLine();
      if (!lines.isEmpty() && !lines.getLast().isEmpty()) {
        lines.add("");
      }
    }

    private void endLine() {
      String text = line.toString().strip();
      line.setLength(0);
      if (text.isEmpty()) {
        return;
      }
      String before = indent;
      String further = " ".repeat(indent.length());
      indent = further;
      for (String each : markdown ? List.of(text) : wrapped(text, WIDTH - before.length())) {
        lines.add(before + each);
        before = further;
      }
    }

    private static List<String> wrapped(String text, int width) {
      List<String> lines = new ArrayList<>();
      String rest = text;
      while (rest.length() > width) {
        int space = rest.lastIndexOf(' ', width);
        int cut = space <= 0 ? rest.indexOf(' ', width) : space;
        if (cut <= 0) {
          break;
        }
        lines.add(rest.substring(0, cut));
        rest = rest.substring(cut + 1);
      }
      lines.add(rest);
      return lines;
    }
  }
}
