package hydrocell.executor.javadoc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * As much of CommonMark as documentation comments use: paragraphs, lists, fences, code and
 * emphasis.
 */
final class MarkdownHtml {
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern STRONG = Pattern.compile("\\*\\*([^*]+)\\*\\*");
  private static final Pattern EMPHASIS = Pattern.compile("(?<![*\\w])[*_]([^*_]+)[*_](?![*\\w])");
  private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)](?:\\[[^\\]]*]|\\([^)]*\\))?");
  private static final Pattern ITEM = Pattern.compile("\\s*(?:[-*+]|\\d+[.)])\\s+(.*)");

  private MarkdownHtml() {}

  /** The HTML of a text. */
  static String of(String markdown) {
    StringBuilder html = new StringBuilder();
    List<String> paragraph = new ArrayList<>();
    boolean fenced = false;
    boolean list = false;
    for (String line : markdown.lines().toList()) {
      boolean fence = line.strip().startsWith("```");
      var item = ITEM.matcher(line);
      if (fence || line.isBlank() || (!fenced && item.matches())) {
        flush(paragraph, html, list);
      }
      if (fence) {
        html.append(fenced ? "</pre>" : "<pre>");
        fenced = !fenced;
      } else if (fenced) {
        html.append(HtmlText.escape(line)).append('\n');
      } else if (item.matches()) {
        html.append(list ? "" : "<ul>");
        list = true;
        paragraph.add(item.group(1));
      } else if (!line.isBlank()) {
        paragraph.add(line.strip());
      } else if (list) {
        html.append("</ul>");
        list = false;
      }
    }
    flush(paragraph, html, list);
    return html.append(list ? "</ul>" : "").append(fenced ? "</pre>" : "").toString();
  }

  private static void flush(List<String> paragraph, StringBuilder html, boolean item) {
    if (!paragraph.isEmpty()) {
      String text = inline(String.join(" ", paragraph));
      html.append(item ? "<li>" + text + "</li>" : "<p>" + text + "</p>");
      paragraph.clear();
    }
  }

  private static String inline(String text) {
    String html = HtmlText.escape(text);
    html = CODE.matcher(html).replaceAll("<code>$1</code>");
    html = STRONG.matcher(html).replaceAll("<b>$1</b>");
    html = EMPHASIS.matcher(html).replaceAll("<i>$1</i>");
    return LINK.matcher(html).replaceAll("<code>$1</code>");
  }
}
