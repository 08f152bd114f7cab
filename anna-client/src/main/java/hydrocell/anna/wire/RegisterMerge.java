package hydrocell.anna.wire;

import hydrocell.anna.Durability;
import hydrocell.anna.Guard;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LatticeCodec;
import hydrocell.anna.lattice.Stamp;
import org.jspecify.annotations.Nullable;

/**
 * A merge of a register without the register's bytes, which end the frame: both sides pass a large
 * value by without copying it. The frame is that of {@link AnnaRequest.Merge}.
 *
 * @param id of the request
 * @param key whose register it is
 * @param durability what the writer asks for
 * @param guard null when there is none
 * @param stamp of the register
 * @param valueBytes how many bytes follow
 * @param latticeAt offset of the register in the frame, where its kind stands
 */
public record RegisterMerge(
    long id,
    Key key,
    Durability durability,
    @Nullable Guard guard,
    Stamp stamp,
    int valueBytes,
    int latticeAt) {

  /** The same under another key; the frame stays as it is. */
  public RegisterMerge under(Key other) {
    return key.equals(other)
        ? this
        : new RegisterMerge(id, other, durability, guard, stamp, valueBytes, latticeAt);
  }

  /** Writes all of the frame but the value's bytes. */
  public static void write(
      ByteWriter out, long id, Key key, Durability durability, Stamp stamp, int valueBytes) {
    AnnaRequest.writeMergeHead(out.varint(id), key, durability, null);
    LatticeCodec.writeRegisterHead(out, stamp, valueBytes);
  }

  /**
   * Reads the beginning of a frame.
   *
   * @return null when it is another request, or merges another lattice
   * @throws MalformedFrameException when the head ends early or makes no sense
   */
  public static @Nullable RegisterMerge read(ByteReader in) throws MalformedFrameException {
    int whole = in.remaining();
    long id = in.varint();
    if (in.u8() != AnnaRequest.MERGE) {
      return null;
    }
    Key key = AnnaRequest.key(in);
    Durability durability = AnnaRequest.durability(in);
    Guard guard = AnnaRequest.guard(in);
    int latticeAt = whole - in.remaining();
    if (!LatticeCodec.isRegister(in.u8())) {
      return null;
    }
    Stamp stamp = Stamp.read(in);
    return new RegisterMerge(id, key, durability, guard, stamp, in.count(), latticeAt);
  }
}
