package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RenderingTest {
  record Row(String name, int count) {}

  private static @Nullable String html(@Nullable Object value) throws Exception {
    return Rendering.of(value).data().get("text/html");
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
}
