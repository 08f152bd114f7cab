package hydrocell.kernel.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Frames are read only when whole, signed with the key, and not seen before. */
class MessageCodecTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static MessageCodec codec(String key) {
    return new MessageCodec(utf8(key), CLOCK);
  }

  private static List<byte[]> frames(String... texts) {
    List<byte[]> frames = new ArrayList<>();
    for (String text : texts) {
      frames.add(utf8(text));
    }
    return frames;
  }

  /** RFC 4231, test case 2: the text is split over the four signed frames. */
  @Test
  void signsTheFramesAsTheyCame() {
    List<byte[]> frames =
        frames(
            "<IDS|MSG>",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            "what do ya ",
            "want for ",
            "nothing",
            "?");
    BadMessageException refused =
        assertThrows(BadMessageException.class, () -> codec("Jefe").read(frames));
    assertTrue(refused.getMessage().contains("is not JSON"), refused.getMessage());
  }

  @Test
  void readsWhatItWrote() throws BadMessageException {
    MessageCodec codec = codec("secret");
    JupyterMessage made =
        codec.make(
            frames("client", "other"),
            "stream",
            MessageCodec.object().put("msg_id", "parent"),
            MessageCodec.object().put("text", "héllo 😀"));
    JupyterMessage read = codec("secret").read(codec.write(made));
    assertEquals("stream", read.type());
    assertEquals("parent", read.parent().path("msg_id").asText());
    assertEquals(made.content(), read.content());
    assertEquals("5.5", read.header().path("version").asText());
    assertEquals("2026-01-02T03:04:05Z", read.header().path("date").asText());
    assertArrayEquals(utf8("other"), read.identities().get(1));
  }

  @Test
  void refusesASignatureOfAnotherKeyOrOfAnotherText() {
    MessageCodec codec = codec("secret");
    List<byte[]> frames =
        codec.write(
            codec.make(List.of(), "execute_request", MessageCodec.object(), MessageCodec.object()));
    assertThrows(BadMessageException.class, () -> codec("other").read(frames));
    for (int part = 1; part < frames.size(); part++) {
      List<byte[]> changed = new ArrayList<>(frames);
      byte[] bytes = changed.get(part).clone();
      bytes[bytes.length - 1] ^= 1;
      changed.set(part, bytes);
      assertThrows(BadMessageException.class, () -> codec("secret").read(changed));
    }
  }

  @Test
  void refusesAReplayedMessage() throws BadMessageException {
    MessageCodec sender = codec("secret");
    List<byte[]> frames =
        sender.write(
            sender.make(List.of(), "a_request", MessageCodec.object(), MessageCodec.object()));
    MessageCodec receiver = codec("secret");
    receiver.read(frames);
    assertThrows(BadMessageException.class, () -> receiver.read(frames));
  }

  @Test
  void withoutAKeyNothingIsSigned() throws BadMessageException {
    List<byte[]> frames =
        frames("<IDS|MSG>", "", "{\"msg_type\":\"x\",\"msg_id\":\"7\"}", "{}", "{}", "{}");
    assertEquals("7", codec("").read(frames).id());
    assertEquals("7", codec("").read(frames).id());
  }

  @Test
  void refusesMessagesThatAreCutShort() {
    List<byte[]> whole = frames("id", "<IDS|MSG>", "", "{}", "{}", "{}", "{}");
    for (int length = 0; length < whole.size(); length++) {
      List<byte[]> cut = whole.subList(0, length);
      assertThrows(BadMessageException.class, () -> codec("").read(cut));
    }
  }

  @Test
  void refusesWhatIsNotAJsonObject() {
    for (String content : List.of("", "[]", "7", "{", "\u0000", "null")) {
      List<byte[]> frames = frames("<IDS|MSG>", "", "{}", "{}", "{}", content);
      assertThrows(BadMessageException.class, () -> codec("").read(frames), content);
    }
  }

  @Test
  void refusesDeepNestingInsteadOfOverflowing() {
    String deep = "{\"a\":" + "[".repeat(1_000_000) + "]".repeat(1_000_000) + "}";
    List<byte[]> frames = frames("<IDS|MSG>", "", "{}", "{}", "{}", deep);
    BadMessageException refused =
        assertThrows(BadMessageException.class, () -> codec("").read(frames));
    assertTrue(refused.getMessage().contains("depth"), refused.getMessage());
  }

  @Test
  void survivesRandomFrames() {
    Random random = new Random(42);
    MessageCodec codec = codec("secret");
    for (int round = 0; round < 2_000; round++) {
      List<byte[]> frames = new ArrayList<>();
      int count = random.nextInt(9);
      for (int i = 0; i < count; i++) {
        byte[] frame = new byte[random.nextInt(40)];
        random.nextBytes(frame);
        frames.add(random.nextInt(3) == 0 ? utf8("<IDS|MSG>") : frame);
      }
      assertThrows(BadMessageException.class, () -> codec.read(frames));
    }
  }
}
