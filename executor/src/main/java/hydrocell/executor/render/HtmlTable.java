package hydrocell.executor.render;

import hydrocell.executor.compiler.GeneratedNames;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table on the page, bounded, with a line that says what is left out. A click on a head sorts by
 * that column, another one the other way: by number where both are numbers, else by text. The click
 * is handled by an attribute, which front ends drop in notebooks that they do not trust, so nothing
 * else of the table depends on it.
 */
final class HtmlTable {
  static final int MAX_ROWS = 100;
  static final int MAX_COLUMNS = 50;
  private static final int MAX_CELL_CHARS = 500;

  private static final String SORT =
      """
      var h=event.target.closest('thead th');if(h){\
      var i=h.cellIndex,b=this.tBodies[0],d=h.dataset.d=='1'?-1:1,\
      n=function(r){return r.cells[i]?r.cells[i].textContent:''};\
      for(var o of h.parentNode.cells){if(o!=h)delete o.dataset.d;o.removeAttribute('aria-sort');\
      o.textContent=o.textContent.replace(/ [▲▼]$/,'')}\
      h.dataset.d=d;h.setAttribute('aria-sort',d>0?'ascending':'descending');\
      h.textContent+=d>0?' ▲':' ▼';\
      Array.from(b.rows).sort(function(p,q){var x=n(p),y=n(q),u=+x,v=+y;\
      return d*(x!==''&amp;&amp;y!==''&amp;&amp;!isNaN(u)&amp;&amp;!isNaN(v)?u-v:x.localeCompare(y))})\
      .forEach(function(r){b.appendChild(r)})}\
      """;

  private final StringBuilder html = new StringBuilder();
  private final int columns;
  private int shownRows;

  /** A table of these columns; further ones are left out. */
  HtmlTable(List<String> names) {
    columns = names.size();
    html.append("<table onclick=\"").append(SORT).append("\"><thead><tr>");
    for (String name : names.subList(0, shownColumns())) {
      html.append("<th title=\"sort\" style=\"cursor:pointer\">")
          .append(escape(cut(name)))
          .append("</th>");
    }
    html.append("</tr></thead><tbody>");
  }

  int shownColumns() {
    return Math.min(columns, MAX_COLUMNS);
  }

  /** Begins a row; false when no more are shown. */
  boolean row() {
    if (shownRows == MAX_ROWS) {
      return false;
    }
    html.append(shownRows++ == 0 ? "<tr>" : "</tr><tr>");
    return true;
  }

  /** Names the row. */
  void head(Object name) {
    html.append("<th>").append(escape(cut(PlainText.of(name)))).append("</th>");
  }

  /** The next cell of the row. Calls methods of the user's. */
  void cell(@Nullable Object value) {
    String text = cut(GeneratedNames.clean(PlainText.of(value)));
    html.append(value instanceof Number ? "<td>" : "<td style=\"text-align:left\">")
        .append(escape(text))
        .append("</td>");
  }

  /** A cell of the row without a value. */
  void noCell() {
    html.append("<td></td>");
  }

  /** The table, of so many rows in all. */
  String end(int rows) {
    html.append(shownRows > 0 ? "</tr>" : "").append("</tbody></table>");
    if (shownRows < rows) {
      html.append("<p>%,d of %,d rows</p>".formatted(shownRows, rows));
    }
    return leftOutColumns();
  }

  /** The table, with rows that nobody has counted. */
  String endWithMore(boolean more) {
    html.append(shownRows > 0 ? "</tr>" : "").append("</tbody></table>");
    if (more) {
      html.append("<p>%,d rows and more</p>".formatted(shownRows));
    }
    return leftOutColumns();
  }

  private String leftOutColumns() {
    if (shownColumns() < columns) {
      html.append("<p>%,d of %,d columns</p>".formatted(shownColumns(), columns));
    }
    return html.toString();
  }

  private static String cut(String text) {
    if (text.length() <= MAX_CELL_CHARS) {
      return text;
    }
    int end =
        Character.isHighSurrogate(text.charAt(MAX_CELL_CHARS - 1))
            ? MAX_CELL_CHARS - 1
            : MAX_CELL_CHARS;
    return text.substring(0, end) + "…";
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
