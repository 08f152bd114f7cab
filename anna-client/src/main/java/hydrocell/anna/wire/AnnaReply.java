package hydrocell.anna.wire;

import hydrocell.anna.AnnaClient.KeyPage;
import hydrocell.anna.AnnaClient.Merged;
import hydrocell.anna.AnnaClient.Read;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LatticeCodec;
import hydrocell.anna.lattice.Stamp;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a storage node answers; the bytes are drawn in this package's description. */
public sealed interface AnnaReply {
  /** Answers a read. */
  record Found(Read read) implements AnnaReply {}

  /** Answers a merge. */
  record Acknowledged(Merged merged) implements AnnaReply {}

  /** Answers a request for a version. */
  record At(long version) implements AnnaReply {}

  /** Answers a removal. */
  record Deleted() implements AnnaReply {}

  /** Answers a listing. */
  record Keys(KeyPage page) implements AnnaReply {}

  /** Answers a request for figures. */
  record Figures(Map<String, Long> values) implements AnnaReply {}

  /** The request failed. */
  record Failed(AnnaException.Reason reason, String message) implements AnnaReply {}

  /** About how many bytes a reply takes. */
  static int sizeHint(AnnaReply reply) {
    return reply instanceof Found(Read read) && read.lattice() != null
        ? 64 + LatticeCodec.sizeHint(read.lattice())
        : 32;
  }

  /** Writes what stands before a lattice in the answer to a read. */
  static void writeFoundHead(ByteWriter out, long id, long version) {
    out.varint(id).u8(1).u64(version).bool(true);
  }

  /** Writes id, code and body. */
  static void write(ByteWriter out, long id, AnnaReply reply) {
    out.varint(id);
    switch (reply) {
      case Found(Read read) -> {
        out.u8(1).u64(read.version());
        Lattice lattice = read.lattice();
        out.bool(lattice != null);
        if (lattice != null) {
          LatticeCodec.write(out, lattice);
        }
      }
      case Acknowledged(Merged merged) ->
          out.u8(2).bool(merged.changed()).u64(merged.version()).u8(merged.durability().ordinal());
      case At(long version) -> out.u8(3).u64(version);
      case Deleted() -> out.u8(4);
      case Keys(KeyPage page) -> {
        out.u8(5).list(page.keys(), (w, key) -> w.text(key.text()));
        String next = page.next();
        out.bool(next != null);
        if (next != null) {
          out.text(next);
        }
      }
      case Figures(Map<String, Long> values) ->
          out.u8(6).list(values.entrySet(), (w, e) -> w.text(e.getKey()).u64(e.getValue()));
      case Failed(AnnaException.Reason reason, String message) ->
          out.u8(7).u8(reason.ordinal()).text(message);
    }
  }

  /** Reads code and body; the id was read before. */
  static AnnaReply read(ByteReader in) throws MalformedFrameException {
    int code = in.u8();
    AnnaReply reply =
        switch (code) {
          case 1 -> readFound(in);
          case 2 -> new Acknowledged(new Merged(in.bool(), in.u64(), AnnaRequest.durability(in)));
          case 3 -> new At(in.u64());
          case 4 -> new Deleted();
          case 5 ->
              new Keys(new KeyPage(in.list(r -> new Key(r.text())), in.bool() ? in.text() : null));
          case 6 -> readFigures(in);
          case 7 -> new Failed(reason(in), in.text());
          default -> throw new MalformedFrameException("no reply has the code " + code);
        };
    in.end();
    return reply;
  }

  /**
   * Reads the answer to a read of a register without copying the value.
   *
   * @return a view of its bytes; null when the key holds no register
   * @throws AnnaException when the request failed
   */
  static @Nullable ByteBuffer readRegister(ByteReader in) throws MalformedFrameException {
    int code = in.u8();
    if (code == 7) {
      throw new AnnaException(reason(in), in.text());
    }
    if (code != 1) {
      throw new MalformedFrameException("a read was answered with the code " + code);
    }
    in.u64();
    if (!in.bool() || !LatticeCodec.isRegister(in.u8())) {
      return null;
    }
    Stamp.read(in);
    ByteBuffer value = in.view();
    in.end();
    return value;
  }

  private static AnnaReply readFound(ByteReader in) throws MalformedFrameException {
    long version = in.u64();
    @Nullable Lattice lattice = in.bool() ? LatticeCodec.read(in) : null;
    return new Found(new Read(lattice, version));
  }

  private static AnnaReply readFigures(ByteReader in) throws MalformedFrameException {
    Map<String, Long> values = new TreeMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      String figure = in.text();
      values.put(figure, in.u64());
    }
    return new Figures(values);
  }

  private static AnnaException.Reason reason(ByteReader in) throws MalformedFrameException {
    int code = in.u8();
    return code < AnnaException.Reason.values().length
        ? AnnaException.Reason.values()[code]
        : AnnaException.Reason.INTERNAL;
  }
}
