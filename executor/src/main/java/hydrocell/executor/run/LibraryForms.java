package hydrocell.executor.run;

import java.awt.image.RenderedImage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How objects of well-known libraries are shown: charts as pictures, frames and matrices as tables,
 * trees as JSON. Found by the names of classes and methods, since the executor has none of these
 * libraries; one in another version than is known here is shown as text. Calls methods of the
 * library's, so only on the user's thread.
 */
final class LibraryForms {
  private static final int CHART_WIDTH = 700;
  private static final int CHART_HEIGHT = 450;

  private LibraryForms() {}

  /** The forms; empty when the value is of no library that is known. */
  static Map<String, String> of(Object value) throws IOException {
    if (value.getClass().getClassLoader() == null) {
      return Map.of();
    }
    Map<String, String> forms = new LinkedHashMap<>();
    try {
      if (isA(value, "org.jfree.chart.JFreeChart")) {
        picture(forms, call(value, "createBufferedImage", CHART_WIDTH, CHART_HEIGHT));
      } else if (isA(value, "org.knowm.xchart.internal.chartpart.Chart")) {
        picture(forms, xchart(value));
      } else if (isA(value, "tech.tablesaw.api.Table")) {
        put(forms, "text/html", tablesaw(value));
      } else if (isA(value, "org.apache.commons.math3.linear.RealMatrix")) {
        put(forms, "text/html", Tables.of(call(value, "getData")));
      } else if (isA(value, "org.ejml.simple.SimpleBase")) {
        put(forms, "text/html", ejml(value));
      } else if (isA(value, "com.fasterxml.jackson.databind.JsonNode")) {
        put(forms, "application/json", String.valueOf(value));
        put(forms, "text/plain", (String) call(value, "toPrettyString"));
      }
    } catch (ReflectiveOperationException | ClassCastException | java.sql.SQLException e) {
      // Not the version that is known here: as text, then.
      return Map.of();
    }
    return forms;
  }

  private static boolean isA(Object value, String className) {
    for (Class<?> c = value.getClass(); c != null; c = c.getSuperclass()) {
      if (c.getName().equals(className)) {
        return true;
      }
      for (Class<?> each : c.getInterfaces()) {
        if (each.getName().equals(className)) {
          return true;
        }
      }
    }
    return false;
  }

  private static void put(Map<String, String> forms, String type, @Nullable String text) {
    if (text != null) {
      forms.put(type, text);
    }
  }

  private static void picture(Map<String, String> forms, Object image) throws IOException {
    RenderedImage rendered = (RenderedImage) image;
    forms.put("image/png", Images.png(rendered));
    forms.put(
        "text/plain", "chart of %d × %d".formatted(rendered.getWidth(), rendered.getHeight()));
  }

  private static Object xchart(Object chart) throws ReflectiveOperationException {
    Class<?> encoder =
        Class.forName("org.knowm.xchart.BitmapEncoder", true, chart.getClass().getClassLoader());
    for (Method method : encoder.getMethods()) {
      if (method.getName().equals("getBufferedImage") && method.getParameterCount() == 1) {
        return invoke(method, null, chart);
      }
    }
    throw new NoSuchMethodException("BitmapEncoder.getBufferedImage");
  }

  private static @Nullable String tablesaw(Object table) throws ReflectiveOperationException {
    List<?> names = (List<?>) call(table, "columnNames");
    int rows = (int) call(table, "rowCount");
    return Tables.ofColumns(
        names.stream().map(String::valueOf).toList(),
        rows,
        (row, column) -> call(table, "getString", row, column));
  }

  private static @Nullable String ejml(Object matrix) throws ReflectiveOperationException {
    int columns = (int) call(matrix, "getNumCols");
    return Tables.ofMatrix(
        (int) call(matrix, "getNumRows"),
        row -> columns,
        (row, column) -> call(matrix, "get", row, column));
  }

  /** Calls a public method that takes these integers. */
  private static Object call(Object target, String name, int... arguments)
      throws ReflectiveOperationException {
    Class<?>[] types = new Class<?>[arguments.length];
    Object[] boxed = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      types[i] = int.class;
      boxed[i] = arguments[i];
    }
    return invoke(target.getClass().getMethod(name, types), target, boxed);
  }

  private static Object invoke(Method method, @Nullable Object target, Object... arguments)
      throws ReflectiveOperationException {
    method.setAccessible(true);
    try {
      Object result = method.invoke(target, arguments);
      if (result == null) {
        throw new NoSuchMethodException(method + " gave nothing");
      }
      return result;
    } catch (InvocationTargetException e) {
      // A stop, or an error of the library's: the user is to see it.
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      } else if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }
}
