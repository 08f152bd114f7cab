package hydrocell.executor.run;

import hydrocell.cell.message.FromExecutor;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one cell has written, and how much of it may be shown: the first part up to a limit, then
 * only the last part, given out at the end with a line that says how much is missing. Guarded by
 * the {@link Outbox}'s lock.
 */
final class CellOutput {
  /** How much of the end is kept when there was too much. */
  static final int TAIL_CHARS = 64 << 10;

  private static final int PIECE_CHARS = 1 << 20;

  /** A stream of the cell. */
  enum Channel {
    OUT("stdout"),
    ERR("stderr");

    private final String wireName;

    Channel(String wireName) {
      this.wireName = wireName;
    }

    String wireName() {
      return wireName;
    }
  }

  /** Text that was left out so far. */
  private record Piece(Channel channel, String text) {}

  /** What of a stream waits for its other half: bytes of a character, or half a surrogate pair. */
  private static final class Halves {
    private final CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer bytes = ByteBuffer.allocate(0);
    private String surrogate = "";
  }

  private final Route route;
  private final boolean silent;
  private final long limitBytes;
  private final Outbox outbox;
  private final Map<Channel, Halves> halves = new EnumMap<>(Channel.class);
  private final Deque<Piece> tail = new ArrayDeque<>();
  private long shownBytes;
  private long tailChars;
  private long leftOutBytes;
  private boolean finished;

  CellOutput(Route route, boolean silent, long limitBytes, Outbox outbox) {
    this.route = route;
    this.silent = silent;
    this.limitBytes = limitBytes;
    this.outbox = outbox;
    for (Channel channel : Channel.values()) {
      halves.put(channel, new Halves());
    }
  }

  /** Where it goes. */
  Route to() {
    return route;
  }

  boolean silent() {
    return silent;
  }

  /** Whether this many bytes more may be shown; counts them if so. */
  boolean admit(long bytes) {
    if (shownBytes + bytes > limitBytes) {
      leftOutBytes += bytes;
      return false;
    }
    shownBytes += bytes;
    return true;
  }

  private Halves halfOf(Channel channel) {
    return Objects.requireNonNull(halves.get(channel), "every channel has its halves");
  }

  /** The characters that are complete after these bytes. */
  String decode(Channel channel, byte[] bytes, int offset, int length) {
    Halves half = halfOf(channel);
    ByteBuffer in = ByteBuffer.allocate(half.bytes.remaining() + length);
    in.put(half.bytes).put(bytes, offset, length).flip();
    CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
    half.decoder.reset().decode(in, out, false);
    half.bytes = ByteBuffer.allocate(in.remaining()).put(in).flip();
    return out.flip().toString();
  }

  /** Writes text: it is shown, or kept as part of the end, or left out. */
  void write(Channel channel, String text) {
    Halves half = halfOf(channel);
    String whole = half.surrogate + text;
    half.surrogate = "";
    if (!whole.isEmpty() && Character.isHighSurrogate(whole.charAt(whole.length() - 1))) {
      half.surrogate = whole.substring(whole.length() - 1);
      whole = whole.substring(0, whole.length() - 1);
    }
    int from = 0;
    while (from < whole.length()) {
      int to = Math.min(whole.length(), from + PIECE_CHARS);
      if (to < whole.length() && Character.isHighSurrogate(whole.charAt(to - 1))) {
        to--;
      }
      put(channel, whole.substring(from, to));
      from = to;
    }
  }

  private void put(Channel channel, String text) {
    boolean cut = leftOutBytes > 0 || !tail.isEmpty();
    long bytes = utf8Length(text);
    if (!cut && shownBytes + bytes <= limitBytes) {
      shownBytes += bytes;
      outbox.enqueueText(this, channel, text);
      return;
    }
    if (!cut && limitBytes > shownBytes) {
      int fits = (int) Math.min(text.length(), (limitBytes - shownBytes) / 4);
      if (fits > 0 && Character.isHighSurrogate(text.charAt(fits - 1))) {
        fits--;
      }
      if (fits > 0) {
        outbox.enqueueText(this, channel, text.substring(0, fits));
      }
      shownBytes = limitBytes;
      text = text.substring(fits);
    }
    if (finished) {
      leftOutBytes += utf8Length(text);
      return;
    }
    tail.add(new Piece(channel, text));
    tailChars += text.length();
    while (tailChars - tail.getFirst().text.length() >= TAIL_CHARS) {
      Piece dropped = tail.removeFirst();
      tailChars -= dropped.text.length();
      leftOutBytes += utf8Length(dropped.text);
    }
  }

  /** The cell is over: what waits is given out, and what was left out is counted. */
  void finish() {
    for (Channel channel : Channel.values()) {
      Halves half = halfOf(channel);
      if (half.bytes.hasRemaining() || !half.surrogate.isEmpty()) {
        half.bytes = ByteBuffer.allocate(0);
        half.surrogate = "";
        put(channel, "\uFFFD");
      }
    }
    finished = true;
    if (tail.isEmpty()) {
      return;
    }
    trimTail();
    if (leftOutBytes > 0) {
      outbox.enqueueText(
          this,
          Channel.ERR,
          "\n[… %,d bytes of output left out: a cell shows %,d; the last part follows …]\n"
              .formatted(leftOutBytes, limitBytes));
    }
    for (Piece piece : tail) {
      outbox.enqueueText(this, piece.channel, piece.text);
    }
    tail.clear();
    tailChars = 0;
    leftOutBytes = Math.max(1, leftOutBytes);
  }

  private void trimTail() {
    long over = tailChars - TAIL_CHARS;
    if (over <= 0) {
      return;
    }
    Piece first = tail.removeFirst();
    int cut = (int) Math.min(over, first.text.length());
    if (cut < first.text.length() && Character.isLowSurrogate(first.text.charAt(cut))) {
      cut++;
    }
    leftOutBytes += utf8Length(first.text.substring(0, cut));
    tail.addFirst(new Piece(first.channel, first.text.substring(cut)));
  }

  /** A piece of a stream as it goes to the kernel. */
  FromExecutor stream(Channel channel, String text) {
    return new FromExecutor.Stream(route.requestId(), channel.wireName(), text);
  }

  static long utf8Length(String text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }
    return bytes;
  }
}
