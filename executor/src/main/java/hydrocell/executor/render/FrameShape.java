package hydrocell.executor.render;

import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Frames of libraries that nobody named here, known by their shape: public methods that give the
 * numbers of rows and columns, and one that gives an element by both; with names of columns if
 * there are such.
 */
final class FrameShape {
  private static final String[] ROWS = {
    "nrow", "nrows", "rowCount", "getRowCount", "numRows", "rows"
  };
  private static final String[] COLUMNS = {
    "ncol", "ncols", "columnCount", "getColumnCount", "numColumns", "numCols", "columns", "cols"
  };
  private static final String[] NAMES = {"names", "columnNames", "getColumnNames"};
  private static final String[] ELEMENTS = {"get", "getValueAt", "getEntry"};

  private FrameShape() {}

  /** The table; null when the value has no such shape. */
  static @Nullable String table(Object value) throws ReflectiveOperationException {
    Method rows = counter(value, ROWS);
    Method columns = counter(value, COLUMNS);
    Method element = element(value);
    if (rows == null || columns == null || element == null) {
      return null;
    }
    int height = ((Number) LibraryForms.call(value, rows.getName())).intValue();
    int width = ((Number) LibraryForms.call(value, columns.getName())).intValue();
    List<String> names = names(value);
    Tables.Element at = (row, column) -> LibraryForms.invokeQuietly(element, value, row, column);
    return names.size() == width
        ? Tables.ofColumns(names, height, at)
        : Tables.ofMatrix(height, row -> width, at);
  }

  private static @Nullable Method counter(Object value, String[] names) {
    for (String name : names) {
      Method method = find(value, name);
      if (method != null
          && (method.getReturnType() == int.class || method.getReturnType() == long.class)) {
        return method;
      }
    }
    return null;
  }

  private static @Nullable Method element(Object value) {
    for (String name : ELEMENTS) {
      Method method = find(value, name, int.class, int.class);
      if (method != null && method.getReturnType() != void.class) {
        return method;
      }
    }
    return null;
  }

  private static @Nullable Method find(Object value, String name, Class<?>... types) {
    try {
      return LibraryForms.method(value, name, types);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }

  private static List<String> names(Object value) throws ReflectiveOperationException {
    List<String> names = new ArrayList<>();
    for (String name : NAMES) {
      Method method = find(value, name);
      if (method != null && names.isEmpty()) {
        addTo(names, LibraryForms.invokeQuietly(method, value));
      }
    }
    return names;
  }

  private static void addTo(List<String> names, @Nullable Object found) {
    if (found instanceof Iterable<?> each) {
      each.forEach(name -> names.add(String.valueOf(name)));
    } else if (found != null && found.getClass().isArray()) {
      for (int i = 0; i < Array.getLength(found); i++) {
        names.add(String.valueOf(Array.get(found, i)));
      }
    }
  }
}
