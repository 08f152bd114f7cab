package hydrocell.executor.render;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What is made of rows and columns as an HTML table: collections and arrays of records, of maps or
 * of lists, maps, records, matrices, result sets. Calls methods of the user's, so only on the
 * user's thread.
 */
final class Tables {
  private Tables() {}

  /** The table; null when the value has no rows and columns. */
  static @Nullable String of(Object value) throws ReflectiveOperationException, SQLException {
    return switch (value) {
      case Collection<?> collection -> isOfJdk(value) ? ofRows(collection) : null;
      case Map<?, ?> map -> isOfJdk(value) ? ofMap(map) : null;
      case ResultSet rows -> ofResult(rows);
      case Record row -> ofRecord(row);
      case Object[] array ->
          array.getClass().getComponentType().isArray()
              ? ofMatrix(
                  array.length, row -> length(array[row]), (row, column) -> at(array[row], column))
              : ofRows(Arrays.asList(array));
      default -> null;
    };
  }

  /** A collection of somebody else's may be anything, even endless. */
  private static boolean isOfJdk(Object value) {
    return value.getClass().getName().startsWith("java.util.");
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
    for (int row = 0; row < Math.min(rows, HtmlTable.MAX_ROWS); row++) {
      columns = Math.max(columns, columnsOf.applyAsInt(row));
    }
    if (columns == 0 || (columnsOf.applyAsInt(0) > 0 && isArray(element.at(0, 0)))) {
      return null;
    }
    HtmlTable table = numbered(columns);
    for (int row = 0; row < rows && table.row(); row++) {
      table.head(row);
      int end = Math.min(table.shownColumns() - 1, columnsOf.applyAsInt(row));
      for (int column = 0; column < end; column++) {
        table.cell(element.at(row, column));
      }
    }
    return table.end(rows);
  }

  private static HtmlTable numbered(int columns) {
    List<String> names = new ArrayList<>(List.of(""));
    IntStream.range(0, columns).forEach(column -> names.add(Integer.toString(column)));
    return new HtmlTable(names);
  }

  /** Named columns; null when there are none. */
  static @Nullable String ofColumns(List<String> names, int rows, Element element)
      throws ReflectiveOperationException {
    if (names.isEmpty()) {
      return null;
    }
    HtmlTable table = new HtmlTable(names);
    for (int row = 0; row < rows && table.row(); row++) {
      for (int column = 0; column < table.shownColumns(); column++) {
        table.cell(element.at(row, column));
      }
    }
    return table.end(rows);
  }

  private static boolean isArray(@Nullable Object value) {
    return value != null && value.getClass().isArray();
  }

  private static @Nullable String ofMap(Map<?, ?> map) {
    if (map.isEmpty()) {
      return null;
    }
    HtmlTable table = new HtmlTable(List.of("key", "value"));
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      if (!table.row()) {
        break;
      }
      table.cell(entry.getKey());
      table.cell(entry.getValue());
    }
    return table.end(map.size());
  }

  /** The rows from where the cursor stands; they are read for it. */
  private static String ofResult(ResultSet rows) throws SQLException {
    ResultSetMetaData columns = rows.getMetaData();
    List<String> names = new ArrayList<>();
    for (int i = 1; i <= columns.getColumnCount(); i++) {
      names.add(columns.getColumnLabel(i));
    }
    HtmlTable table = new HtmlTable(names);
    boolean more = rows.next();
    for (; more && table.row(); more = rows.next()) {
      for (int i = 1; i <= table.shownColumns(); i++) {
        table.cell(rows.getObject(i));
      }
    }
    return table.endWithMore(more);
  }

  private static String ofRecord(Record row) throws ReflectiveOperationException {
    HtmlTable table = new HtmlTable(List.of("", row.getClass().getSimpleName()));
    RecordComponent[] components = components(row.getClass());
    for (RecordComponent component : components) {
      if (table.row()) {
        table.head(component.getName());
        table.cell(component.getAccessor().invoke(row));
      }
    }
    return table.end(components.length);
  }

  private static RecordComponent[] components(Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    for (RecordComponent component : components) {
      component.getAccessor().setAccessible(true);
    }
    return components;
  }

  /** Null when these are no records of one type, no maps, and no lists or arrays. */
  private static @Nullable String ofRows(Collection<?> all) throws ReflectiveOperationException {
    List<?> rows = all.stream().limit(HtmlTable.MAX_ROWS).filter(Objects::nonNull).toList();
    if (rows.isEmpty()) {
      return null;
    }
    Class<?> type = rows.getFirst().getClass();
    if (type.isRecord() && rows.stream().allMatch(row -> row.getClass() == type)) {
      return records(rows, type, all.size());
    } else if (rows.stream().allMatch(Map.class::isInstance)) {
      return maps(rows, all.size());
    } else if (rows.stream().allMatch(row -> row instanceof List<?> || isArray(row))) {
      return lists(rows, all.size());
    }
    return null;
  }

  private static @Nullable String records(List<?> rows, Class<?> type, int size)
      throws ReflectiveOperationException {
    RecordComponent[] columns = components(type);
    List<String> names = Arrays.stream(columns).map(RecordComponent::getName).toList();
    if (names.isEmpty()) {
      return null;
    }
    HtmlTable table = new HtmlTable(names);
    for (Object row : rows) {
      table.row();
      for (int column = 0; column < table.shownColumns(); column++) {
        table.cell(columns[column].getAccessor().invoke(row));
      }
    }
    return table.end(size);
  }

  private static String maps(List<?> rows, int size) {
    Set<Object> keys = new LinkedHashSet<>();
    for (Object row : rows) {
      keys.addAll(((Map<?, ?>) row).keySet());
    }
    List<Object> columns = new ArrayList<>(keys);
    HtmlTable table = new HtmlTable(columns.stream().map(PlainText::of).toList());
    for (Object row : rows) {
      table.row();
      for (Object column : columns.subList(0, table.shownColumns())) {
        Map<?, ?> map = (Map<?, ?>) row;
        if (map.containsKey(column)) {
          table.cell(map.get(column));
        } else {
          table.noCell();
        }
      }
    }
    return table.end(size);
  }

  private static @Nullable String lists(List<?> rows, int size) {
    int columns = rows.stream().mapToInt(Tables::sizeOf).max().orElse(0);
    if (columns == 0) {
      return null;
    }
    HtmlTable table = numbered(columns);
    for (int i = 0; i < rows.size(); i++) {
      Object row = rows.get(i);
      table.row();
      table.head(i);
      int end = Math.min(table.shownColumns() - 1, sizeOf(row));
      for (int column = 0; column < end; column++) {
        table.cell(row instanceof List<?> list ? list.get(column) : Array.get(row, column));
      }
    }
    return table.end(size);
  }

  private static int sizeOf(Object row) {
    return row instanceof List<?> list ? list.size() : Array.getLength(row);
  }
}
