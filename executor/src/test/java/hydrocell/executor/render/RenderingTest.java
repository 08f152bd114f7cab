package hydrocell.executor.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.api.Hydrocell;
import java.awt.BorderLayout;
import java.awt.Color;
import java.awt.Dimension;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.swing.Icon;
import javax.swing.ImageIcon;
import javax.swing.JPanel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RenderingTest {
  record Row(String name, int count) {}

  /** Without what only looks or sorts. */
  private static @Nullable String html(@Nullable Object value) throws Exception {
    String html = Rendering.of(value).data().get("text/html");
    return html == null ? null : html.replaceAll(" (onclick|style|title)=\"[^\"]*\"", "");
  }

  private static String text(@Nullable Object value) throws Exception {
    return String.valueOf(Rendering.of(value).data().get("text/plain"));
  }

  @Test
  void recordsInListsAndArraysAreTables() throws Exception {
    String table =
        "<table><thead><tr><th>name</th><th>count</th></tr></thead><tbody>"
            + "<tr><td>a&lt;b</td><td>1</td></tr><tr><td>c</td><td>2</td></tr></tbody></table>";
    assertEquals(table, html(List.of(new Row("a<b", 1), new Row("c", 2))));
    assertEquals(table, html(new Row[] {new Row("a<b", 1), new Row("c", 2)}));
    assertNull(html(List.of(new Row("a", 1), "another")));
  }

  @Test
  void aMatrixIsATableAlsoWhereRowsDiffer() throws Exception {
    String shown = html(new double[][] {{1, 2.5}, {3}});
    assertTrue(shown.contains("<tr><th>0</th><td>1.0</td><td>2.5</td></tr>"), shown);
    assertTrue(shown.contains("<tr><th>1</th><td>3.0</td></tr>"), shown);
    assertEquals("[[1.0, 2.5], [3.0]]", text(new double[][] {{1, 2.5}, {3}}));
    assertNull(html(new int[0][0]));
    assertNull(html(new int[2][2][2]));
  }

  @Test
  void aMapIsATable() throws Exception {
    Map<String, Integer> map = new LinkedHashMap<>();
    map.put("k", 1);
    assertTrue(html(map).contains("<tr><td>k</td><td>1</td></tr>"));
    assertEquals("{k=1}", text(map));
  }

  @Test
  void whatIsLongIsCutAndCounted() throws Exception {
    List<Row> rows = Collections.nCopies(2_000, new Row("x", 1));
    assertTrue(html(rows).contains("100 of 2,000 rows"));
    List<Integer> numbers = IntStream.range(0, 5_000).boxed().toList();
    assertTrue(text(numbers).endsWith("… 4,000 more]"), text(numbers));
  }

  @Test
  void aStreamIsNotUsedUp() throws Exception {
    Stream<Integer> stream = Stream.of(1, 2);
    assertTrue(text(stream).contains("toList()"));
    assertEquals(List.of(1, 2), stream.toList());
  }

  @Test
  void aCollectionThatHoldsItselfEnds() throws Exception {
    List<Object> list = new ArrayList<>();
    list.add(list);
    assertEquals("[…]", text(list));
  }

  @Test
  void aPictureIsAPicture() throws Exception {
    Map<String, String> forms =
        Rendering.of(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB)).data();
    byte[] png = Base64.getDecoder().decode(forms.get("image/png"));
    assertEquals('P', png[1]);
    assertEquals("image of 4 × 3", forms.get("text/plain"));
  }

  @Test
  void whatBelongsToNoLibraryIsText() throws Exception {
    assertEquals("null", text(null));
    assertEquals("3", text(3));
    assertFalse(Rendering.of("s").data().containsKey("text/html"));
  }

  @Test
  void tablesSortByTheirHeads() throws Exception {
    String shown = Rendering.of(List.of(new Row("a", 1))).data().get("text/html");
    assertTrue(shown.startsWith("<table onclick=\""), shown);
    assertTrue(shown.contains("<td style=\"text-align:left\">a</td><td>1</td>"), shown);
  }

  @Test
  void whatHasRowsOfAnyKindIsATable() throws Exception {
    assertTrue(html(new Row("one", 1)).contains("<tr><th>name</th><td>one</td></tr>"));
    assertTrue(html(new TreeSet<>(Set.of("a", "b"))) == null);
    assertTrue(html(Set.of(new Row("a", 1))).contains("<td>a</td>"));
    assertTrue(html(List.of(List.of(1, 2), List.of(3))).contains("<tr><th>1</th><td>3</td></tr>"));
    int[][] wide = new int[1][80];
    assertTrue(html(wide).endsWith("<p>50 of 81 columns</p>"), html(wide));
  }

  @Test
  void anOptionalIsShownAsWhatItHolds() throws Exception {
    assertTrue(html(Optional.of(new Row("a", 1))).contains("<td>a</td>"));
    assertEquals("Optional[3]", text(Optional.of(3)));
    assertEquals("Optional.empty", text(Optional.empty()));
  }

  @Test
  void anErrorThatIsAValueShowsItsCauses() throws Exception {
    String shown = text(new IllegalStateException("outer", new IOException("inner")));
    assertTrue(shown.startsWith("java.lang.IllegalStateException: outer\n    at "), shown);
    assertTrue(shown.contains("\nCaused by: java.io.IOException: inner"), shown);
  }

  @Test
  void aClassIsShownAsItsDeclaration() throws Exception {
    String shown = text(Row.class);
    assertTrue(shown.contains("record "), shown);
    assertTrue(shown.contains("Row(String name, int count)"), shown);
    assertTrue(text(String.class).contains("more\n}"), text(String.class));
    assertEquals("int[]", text(int[].class));
  }

  @Test
  void bytesOfAPictureAreAPicture() throws Exception {
    Map<String, String> picture =
        Rendering.of(new BufferedImage(4, 3, BufferedImage.TYPE_INT_RGB)).data();
    byte[] png = Base64.getDecoder().decode(picture.get("image/png"));
    assertEquals(picture.get("image/png"), Rendering.of(png).data().get("image/png"));
    byte[] wave = "RIFF\0\0\0\0WAVEfmt and more".getBytes(StandardCharsets.ISO_8859_1);
    assertTrue(html(wave).startsWith("<audio controls src"), html(wave));
    assertTrue(text(new byte[20]).startsWith("[0, 0"));
  }

  @Test
  void whatCanBePaintedIsAPicture() throws Exception {
    Icon icon = new ImageIcon(new BufferedImage(5, 6, BufferedImage.TYPE_INT_RGB));
    assertEquals("icon of 5 × 6", text(icon));
    assertEquals("Double of 28 × 28", text(new Ellipse2D.Double(100, 100, 20, 20)));
    JPanel panel = new JPanel(new BorderLayout());
    JPanel inner = new JPanel();
    inner.setBackground(Color.RED);
    panel.add(inner);
    panel.setPreferredSize(new Dimension(30, 20));
    byte[] png = Base64.getDecoder().decode(Rendering.of(panel).data().get("image/png"));
    BufferedImage painted = ImageIO.read(new ByteArrayInputStream(png));
    assertEquals(30, painted.getWidth());
    assertEquals(Color.RED.getRGB(), painted.getRGB(15, 10));
    assertTrue(html(Color.RED).contains("<code>#ff0000</code>"));
  }

  @Test
  void typesThatAreAskedForAreGiven() throws Exception {
    // Plain text stands beside it, as in other kernels: consoles show nothing else.
    assertEquals(
        Map.of("text/html", "<b>x</b>", "text/plain", "<b>x</b>"),
        Rendering.of("<b>x</b>", "text/html").data());
    BufferedImage image = new BufferedImage(4, 3, BufferedImage.TYPE_INT_ARGB);
    byte[] jpeg =
        Base64.getDecoder().decode(Rendering.of(image, "image/jpeg").data().get("image/jpeg"));
    assertEquals((byte) 0xff, jpeg[0]);
    assertEquals(
        Set.of("text/html", "text/plain"),
        Rendering.of(List.of(new Row("a", 1)), "text/html").data().keySet());
    assertThrows(IllegalArgumentException.class, () -> Rendering.of(3, "image/png"));
  }

  @Test
  void whatIsTooLargeIsLeftOutAndSaysSo() throws Exception {
    Map<String, String> forms =
        Rendering.bounded(Rendering.of(Hydrocell.html("x".repeat(5_000))), 2_000).data();
    assertEquals(Set.of("text/plain"), forms.keySet());
    assertTrue(forms.get("text/plain").contains("[text/html of 5,000 bytes left out"));
  }

  @Test
  void jsonIsATreeAndAChartWhenItSaysSo() throws Exception {
    assertEquals("{\"a\":[1,null]}", json(Map.of("a", Arrays.asList(1, null)), "application/json"));
    String chart = "{\"$schema\": \"https://vega.github.io/schema/vega-lite/v5.json\"}";
    assertEquals(chart, json(chart, "application/vnd.vegalite.v5+json"));
    assertThrows(IllegalArgumentException.class, () -> Hydrocell.json("{"));
  }

  private static @Nullable String json(Object value, String type) throws Exception {
    return Rendering.of(Hydrocell.json(value)).data().get(type);
  }

  /** Has the shape of a frame, and is of no library. */
  public static final class Frame {
    public int nrow() {
      return 2;
    }

    public int ncol() {
      return 2;
    }

    public String[] names() {
      return new String[] {"left", "right"};
    }

    public Object get(int row, int column) {
      return 10 * row + column;
    }
  }

  @Test
  void aFrameIsKnownByItsShape() throws Exception {
    assertTrue(html(new Frame()).contains("<th>right</th>"), html(new Frame()));
    assertTrue(html(new Frame()).contains("<td>10</td><td>11</td>"), html(new Frame()));
  }
}
