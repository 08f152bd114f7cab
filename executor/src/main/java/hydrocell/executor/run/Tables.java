package hydrocell.executor.run;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A list of records or of maps as an HTML table. Calls methods of the user's, so only on the user's
 * thread.
 */
final class Tables {
  static final int MAX_ROWS = 100;
  private static final int MAX_COLUMNS = 50;
  private static final int MAX_CELL_CHARS = 500;

  private Tables() {}

  /** The table; null when the value is no list of records of one type, or of maps. */
  static @Nullable String of(Object value) throws ReflectiveOperationException {
    if (!(value instanceof List<?> list) || list.isEmpty()) {
      return null;
    }
    List<?> rows = list.stream().limit(MAX_ROWS).filter(row -> row != null).toList();
    if (rows.isEmpty()) {
      return null;
    }
    Class<?> type = rows.getFirst().getClass();
    if (type.isRecord() && rows.stream().allMatch(row -> row.getClass() == type)) {
      return records(rows, type, list.size());
    }
    return rows.stream().allMatch(Map.class::isInstance) ? maps(rows, list.size()) : null;
  }

  private static String records(List<?> rows, Class<?> type, int size)
      throws ReflectiveOperationException {
    RecordComponent[] columns = type.getRecordComponents();
    List<String> names = new ArrayList<>();
    for (RecordComponent column : columns) {
      column.getAccessor().setAccessible(true);
      names.add(column.getName());
    }
    StringBuilder html = head(names);
    for (Object row : rows) {
      html.append("<tr>");
      for (RecordComponent column : columns) {
        cell(html, column.getAccessor().invoke(row));
      }
      html.append("</tr>");
    }
    return foot(html, rows.size(), size);
  }

  private static String maps(List<?> rows, int size) {
    Set<Object> keys = new LinkedHashSet<>();
    for (Object row : rows) {
      keys.addAll(((Map<?, ?>) row).keySet());
    }
    List<Object> columns = keys.stream().limit(MAX_COLUMNS).toList();
    StringBuilder html = head(columns.stream().map(PlainText::of).toList());
    for (Object row : rows) {
      html.append("<tr>");
      for (Object column : columns) {
        Map<?, ?> map = (Map<?, ?>) row;
        if (map.containsKey(column)) {
          cell(html, map.get(column));
        } else {
          html.append("<td></td>");
        }
      }
      html.append("</tr>");
    }
    return foot(html, rows.size(), size);
  }

  private static StringBuilder head(List<String> names) {
    StringBuilder html = new StringBuilder("<table><thead><tr>");
    names.forEach(name -> html.append("<th>").append(escape(name)).append("</th>"));
    return html.append("</tr></thead><tbody>");
  }

  private static void cell(StringBuilder html, @Nullable Object value) {
    String text = PlainText.of(value);
    if (text.length() > MAX_CELL_CHARS) {
      text = text.substring(0, MAX_CELL_CHARS) + "…";
    }
    html.append("<td>").append(escape(text)).append("</td>");
  }

  private static String foot(StringBuilder html, int shown, int size) {
    html.append("</tbody></table>");
    if (shown < size) {
      html.append("<p>%,d of %,d rows</p>".formatted(shown, size));
    }
    return html.toString();
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
