package hydrocell.executor.run;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is made of rows and columns as an HTML table: lists and arrays of records or of maps, maps,
 * matrices, result sets. Calls methods of the user's, so only on the user's thread.
 */
final class Tables {
  static final int MAX_ROWS = 100;
  private static final int MAX_COLUMNS = 50;
  private static final int MAX_CELL_CHARS = 500;

  private Tables() {}

  /** The table; null when the value has no rows and columns. */
  static @Nullable String of(Object value) throws ReflectiveOperationException, SQLException {
    return switch (value) {
      case List<?> list -> ofRows(list);
      case Map<?, ?> map -> ofMap(map);
      case ResultSet rows -> ofResult(rows);
      case Object[] array ->
          array.getClass().getComponentType().isArray()
              ? ofMatrix(
                  array.length, row -> length(array[row]), (row, column) -> at(array[row], column))
              : ofRows(Arrays.asList(array));
      default -> null;
    };
  }

  private static int length(@Nullable Object array) {
    return array == null ? 0 : Array.getLength(array);
  }

  private static @Nullable Object at(@Nullable Object array, int index) {
    return array == null ? null : Array.get(array, index);
  }

  /** An element of a matrix. */
  interface Element {
    /** The value in a row and a column, both from 0. */
    @Nullable Object at(int row, int column) throws ReflectiveOperationException;
  }

  /** A matrix of at least one element; null when it has none, or its elements are arrays. */
  static @Nullable String ofMatrix(int rows, IntUnaryOperator columnsOf, Element element)
      throws ReflectiveOperationException {
    int columns = 0;
    for (int row = 0; row < Math.min(rows, MAX_ROWS); row++) {
      columns = Math.max(columns, columnsOf.applyAsInt(row));
    }
    if (columns == 0 || (columnsOf.applyAsInt(0) > 0 && isArray(element.at(0, 0)))) {
      return null;
    }
    int shown = Math.min(columns, MAX_COLUMNS);
    List<String> names = new ArrayList<>(List.of(""));
    IntStream.range(0, shown).forEach(column -> names.add(Integer.toString(column)));
    StringBuilder html = head(names);
    for (int row = 0; row < Math.min(rows, MAX_ROWS); row++) {
      html.append("<tr><th>").append(row).append("</th>");
      for (int column = 0; column < Math.min(shown, columnsOf.applyAsInt(row)); column++) {
        cell(html, element.at(row, column));
      }
      html.append("</tr>");
    }
    return foot(html, Math.min(rows, MAX_ROWS), rows)
        + (shown < columns ? "<p>%,d of %,d columns</p>".formatted(shown, columns) : "");
  }

  /** Named columns; null when there are none. */
  static @Nullable String ofColumns(List<String> names, int rows, Element element)
      throws ReflectiveOperationException {
    if (names.isEmpty()) {
      return null;
    }
    List<String> shown = names.subList(0, Math.min(names.size(), MAX_COLUMNS));
    StringBuilder html = head(shown);
    for (int row = 0; row < Math.min(rows, MAX_ROWS); row++) {
      html.append("<tr>");
      for (int column = 0; column < shown.size(); column++) {
        cell(html, element.at(row, column));
      }
      html.append("</tr>");
    }
    return foot(html, Math.min(rows, MAX_ROWS), rows)
        + (shown.size() < names.size()
            ? "<p>%,d of %,d columns</p>".formatted(shown.size(), names.size())
            : "");
  }

  private static boolean isArray(@Nullable Object value) {
    return value != null && value.getClass().isArray();
  }

  private static @Nullable String ofMap(Map<?, ?> map) {
    if (map.isEmpty() || !map.getClass().getName().startsWith("java.util.")) {
      return null;
    }
    StringBuilder html = head(List.of("key", "value"));
    int shown = 0;
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (shown++ == MAX_ROWS) {
        break;
      }
      html.append("<tr>");
      cell(html, entry.getKey());
      cell(html, entry.getValue());
      html.append("</tr>");
    }
    return foot(html, Math.min(shown, MAX_ROWS), map.size());
  }

  /** The rows from where the cursor stands; they are read for it. */
  private static String ofResult(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    StringBuilder html = head(names);
    int shown = 0;
    boolean more = rows.next();
    for (; more && shown < MAX_ROWS; more = rows.next(), shown++) {
      html.append("<tr>");
      for (int i = 1; i <= names.size(); i++) {
        cell(html, rows.getObject(i));
      }
      html.append("</tr>");
    }
    return foot(html, shown, shown) + (more ? "<p>and more rows</p>" : "");
  }

  /** Null when these are no records of one type, and no maps. */
  private static @Nullable String ofRows(List<?> list) throws ReflectiveOperationException {
    if (list.isEmpty()) {
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
