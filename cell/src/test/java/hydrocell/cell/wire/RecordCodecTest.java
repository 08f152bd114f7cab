package hydrocell.cell.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordCodecTest {
  enum Colour {
    RED,
    GREEN
  }

  record Point(int x, long y) {}

  record Everything(
      boolean flag,
      double number,
      @Nullable String text,
      byte @Nullable [] bytes,
      Colour colour,
      List<Point> points,
      Set<String> words,
      Map<String, List<Point>> byName,
      @Nullable Point point) {}

  sealed interface Shape {}

  record Circle(int radius) implements Shape {}

  record Box(Circle inside, @Nullable Shape next) implements Shape {}

  record Older(int x) {}

  record Newer(int x, String added, List<String> more) {}

  private static final Everything EVERYTHING =
      new Everything(
          true,
          -0.5,
          "naïve",
          new byte[] {1, 2},
          Colour.GREEN,
          List.of(new Point(-1, Long.MIN_VALUE)),
          Set.of("a"),
          Map.of("k", List.of(new Point(1, 2))),
          new Point(3, 4));

  @Test
  void everyKindOfComponentSurvives() throws Exception {
    Everything back = RecordCodec.decode(Everything.class, RecordCodec.encode(EVERYTHING));

    assertArrayEquals(EVERYTHING.bytes(), back.bytes());
    assertEquals(EVERYTHING.points(), back.points());
    assertEquals(EVERYTHING.words(), back.words());
    assertEquals(EVERYTHING.byName(), back.byName());
    assertEquals("naïve", back.text());
    assertEquals(Colour.GREEN, back.colour());
    assertEquals(-0.5, back.number());
    assertEquals(new Point(3, 4), back.point());
    assertTrue(back.flag());
  }

  @Test
  void whatIsNullStaysNull() throws Exception {
    Everything empty =
        new Everything(false, 0, null, null, Colour.RED, List.of(), Set.of(), Map.of(), null);

    Everything back = RecordCodec.decode(Everything.class, RecordCodec.encode(empty));

    assertEquals(empty, back);
    assertNull(back.point());
  }

  @Test
  void aMemberOfASealedInterfaceComesBackAsItself() throws Exception {
    Shape shape = new Box(new Circle(1), new Circle(2));
    ByteWriter out = new ByteWriter();
    RecordCodec.write(out, Shape.class, shape);

    assertEquals(shape, RecordCodec.read(new ByteReader(out.view()), Shape.class));
  }

  @Test
  void aRecordOfAnOlderBuildIsReadWithWhatIsMissingEmpty() throws Exception {
    byte[] old = RecordCodec.encode(new Older(7));

    assertEquals(new Newer(7, "", List.of()), RecordCodec.decode(Newer.class, old));
  }

  @Test
  void aRecordOfANewerBuildIsRefusedByName() {
    byte[] fresh = RecordCodec.encode(new Newer(7, "x", List.of()));

    MalformedFrameException refused =
        assertThrows(MalformedFrameException.class, () -> RecordCodec.decode(Older.class, fresh));
    assertTrue(refused.getMessage().contains("newer build"), refused.getMessage());
  }

  @Test
  void bytesCutAnywhereAreRefusedAndNeverCrash() {
    byte[] whole = RecordCodec.encode(EVERYTHING);
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThrows(
          MalformedFrameException.class,
          () -> RecordCodec.decode(Everything.class, cut),
          "cut at " + length);
    }
  }

  @Test
  void anyFlippedByteGivesARecordOrARefusal() {
    byte[] whole = RecordCodec.encode(EVERYTHING);
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      byte[] hostile = whole.clone();
      hostile[at] ^= (byte) 0xFF;
      try {
        RecordCodec.decode(Everything.class, hostile);
      } catch (MalformedFrameException e) {
        refused++;
      }
    }
    assertTrue(refused > whole.length / 4, "only " + refused + " were refused");
  }

  @Test
  void aCountLargerThanTheFrameAllocatesNothing() {
    ByteWriter out = new ByteWriter().u8(1).varint(9).bool(true).u64(0).u8(0).u8(0).varint(0);
    out.varint(Integer.MAX_VALUE);

    assertThrows(
        MalformedFrameException.class,
        () -> RecordCodec.decode(Everything.class, out.toByteArray()));
  }
}
