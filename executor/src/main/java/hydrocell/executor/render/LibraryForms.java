package hydrocell.executor.render;

import hydrocell.api.Hydrocell;
import java.awt.image.RenderedImage;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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

  /** A form of the objects of one library. */
  private interface Form {
    Map<String, String> of(Object value) throws ReflectiveOperationException, IOException;
  }

  private static final Map<String, Form> KNOWN = new LinkedHashMap<>();

  static {
    KNOWN.put(
        "org.jfree.chart.JFreeChart",
        chart -> picture(call(chart, "createBufferedImage", CHART_WIDTH, CHART_HEIGHT)));
    KNOWN.put("org.knowm.xchart.internal.chartpart.Chart", chart -> picture(xchart(chart)));
    KNOWN.put("net.sourceforge.plantuml.SourceStringReader", LibraryForms::plantUml);
    KNOWN.put("tech.tablesaw.api.Table", LibraryForms::tablesaw);
    KNOWN.put("tech.tablesaw.plotly.components.Figure", LibraryForms::plotly);
    KNOWN.put("org.dflib.DataFrame", LibraryForms::dflib);
    KNOWN.put("org.dflib.Series", series -> column("value", (int) call(series, "size"), series));
    KNOWN.put(
        "org.apache.commons.math3.linear.RealMatrix",
        matrix ->
            html(
                Tables.ofMatrix(
                    (int) call(matrix, "getRowDimension"),
                    row -> columns(matrix, "getColumnDimension"),
                    (row, column) -> call(matrix, "getEntry", row, column))));
    KNOWN.put(
        "org.apache.commons.math3.linear.RealVector",
        vector -> text(PlainText.of(call(vector, "toArray"))));
    KNOWN.put("org.ejml.simple.SimpleBase", LibraryForms::ejml);
    KNOWN.put("org.ejml.data.DMatrix", LibraryForms::ejml);
    KNOWN.put("org.ejml.data.FMatrix", LibraryForms::ejml);
    KNOWN.put("com.fasterxml.jackson.databind.JsonNode", LibraryForms::jackson);
    KNOWN.put("tools.jackson.databind.JsonNode", LibraryForms::jackson);
    KNOWN.put("com.google.gson.JsonElement", json -> Hydrocell.json(json.toString()).forms());
    KNOWN.put("org.json.JSONObject", json -> Hydrocell.json(json.toString()).forms());
    KNOWN.put("org.json.JSONArray", json -> Hydrocell.json(json.toString()).forms());
    KNOWN.put("javax.swing.table.TableModel", LibraryForms::tableModel);
  }

  private LibraryForms() {}

  /** The forms; empty when the value is of no library that is known. */
  static Map<String, String> of(Object value, Set<String> ancestry) throws IOException {
    if (value.getClass().getClassLoader() == null) {
      return Map.of();
    }
    try {
      for (Map.Entry<String, Form> known : KNOWN.entrySet()) {
        if (ancestry.contains(known.getKey())) {
          return known.getValue().of(value);
        }
      }
      return html(FrameShape.table(value));
    } catch (ReflectiveOperationException | ClassCastException e) {
      // Not the version that is known here: as text, then.
      return Map.of();
    }
  }

  private static Map<String, String> html(@Nullable String html) {
    return html == null ? Map.of() : Map.of("text/html", html);
  }

  private static Map<String, String> text(String text) {
    return Map.of("text/plain", text);
  }

  private static Map<String, String> picture(Object image) throws IOException {
    RenderedImage rendered = (RenderedImage) image;
    return Map.of(
        "image/png",
        Rendering.base64(DesktopForms.encode(rendered, "png")),
        "text/plain",
        "chart of %d × %d".formatted(rendered.getWidth(), rendered.getHeight()));
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

  private static Map<String, String> plantUml(Object reader) throws ReflectiveOperationException {
    java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
    Method paint = reader.getClass().getMethod("outputImage", java.io.OutputStream.class);
    paint.setAccessible(true);
    invokeQuietly(paint, reader, out);
    return out.size() == 0 ? Map.of() : LanguageForms.media(out.toByteArray());
  }

  private static Map<String, String> tablesaw(Object table) throws ReflectiveOperationException {
    List<?> names = (List<?>) call(table, "columnNames");
    return html(
        Tables.ofColumns(
            names.stream().map(String::valueOf).toList(),
            (int) call(table, "rowCount"),
            (row, column) -> call(table, "getUnformatted", row, column)));
  }

  private static Map<String, String> plotly(Object figure) throws ReflectiveOperationException {
    Method script = figure.getClass().getMethod("asJavascript", String.class);
    String id = "plot" + Integer.toHexString(System.identityHashCode(figure));
    return Map.of(
        "text/html",
        "<script src=\"https://cdn.plot.ly/plotly-2.35.2.min.js\"></script><div id=\"%s\"></div>%s"
            .formatted(id, invoke(script, figure, id)),
        "text/plain",
        "a Plotly figure");
  }

  private static Map<String, String> dflib(Object frame) throws ReflectiveOperationException {
    String[] names = (String[]) call(call(frame, "getColumnsIndex"), "toArray");
    Method get = method(frame, "get", int.class, int.class);
    return html(
        Tables.ofColumns(
            Arrays.asList(names),
            (int) call(frame, "height"),
            (row, column) -> invokeQuietly(get, frame, column, row)));
  }

  private static Map<String, String> column(String name, int size, Object series)
      throws ReflectiveOperationException {
    Method get = method(series, "get", int.class);
    return html(
        Tables.ofColumns(List.of(name), size, (row, column) -> invokeQuietly(get, series, row)));
  }

  private static Map<String, String> ejml(Object matrix) throws ReflectiveOperationException {
    return html(
        Tables.ofMatrix(
            (int) call(matrix, "getNumRows"),
            row -> columns(matrix, "getNumCols"),
            (row, column) -> call(matrix, "get", row, column)));
  }

  private static int columns(Object matrix, String method) {
    try {
      return (int) call(matrix, method);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, String> jackson(Object tree) throws ReflectiveOperationException {
    Map<String, String> forms = new LinkedHashMap<>(Hydrocell.json(String.valueOf(tree)).forms());
    forms.put("text/plain", (String) call(tree, "toPrettyString"));
    return forms;
  }

  private static Map<String, String> tableModel(Object model) throws ReflectiveOperationException {
    int columns = (int) call(model, "getColumnCount");
    String[] names = new String[columns];
    for (int i = 0; i < columns; i++) {
      names[i] = String.valueOf(call(model, "getColumnName", i));
    }
    Method get = method(model, "getValueAt", int.class, int.class);
    return html(
        Tables.ofColumns(
            Arrays.asList(names),
            (int) call(model, "getRowCount"),
            (row, column) -> invokeQuietly(get, model, row, column)));
  }

  /** Calls a public method that takes these integers. */
  static Object call(Object target, String name, int... arguments)
      throws ReflectiveOperationException {
    Class<?>[] types = new Class<?>[arguments.length];
    Object[] boxed = new Object[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      types[i] = int.class;
      boxed[i] = arguments[i];
    }
    return invoke(method(target, name, types), target, boxed);
  }

  static Method method(Object target, String name, Class<?>... types)
      throws ReflectiveOperationException {
    Method method = target.getClass().getMethod(name, types);
    method.setAccessible(true);
    return method;
  }

  private static Object invoke(Method method, @Nullable Object target, Object... arguments)
      throws ReflectiveOperationException {
    method.setAccessible(true);
    Object result = invokeQuietly(method, target, arguments);
    if (result == null) {
      throw new NoSuchMethodException(method + " gave nothing");
    }
    return result;
  }

  /** Calls a method whose result may be null. */
  static @Nullable Object invokeQuietly(
      Method method, @Nullable Object target, @Nullable Object... arguments)
      throws ReflectiveOperationException {
    try {
      return method.invoke(target, arguments);
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
