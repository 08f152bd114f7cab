package hydrocell.kernel.magic;

import hydrocell.cell.MimeBundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A small table that a command shows, as text and as HTML. Not thread-safe. */
final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  Table(String... heads) {
    rows.add(List.of(heads));
  }

  void row(String... cells) {
    rows.add(List.of(cells));
  }

  MimeBundle shown() {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put("text/plain", text());
    forms.put("text/html", html());
    return new MimeBundle(forms, Map.of());
  }

  private String text() {
    int columns = rows.getFirst().size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns; i++) {
        line.append(row.get(i)).repeat(' ', widths[i] - row.get(i).length() + 2);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString().stripTrailing();
  }

  private String html() {
    StringBuilder html = new StringBuilder("<table><thead>");
    line(html, "th", rows.getFirst());
    html.append("</thead><tbody>");
    rows.subList(1, rows.size()).forEach(row -> line(html, "td", row));
    return html.append("</tbody></table>").toString();
  }

  private static void line(StringBuilder html, String tag, List<String> row) {
    html.append("<tr>");
    for (String cell : row) {
      html.append("<%s style=\"text-align:left\">%s</%s>".formatted(tag, escaped(cell), tag));
    }
    html.append("</tr>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
