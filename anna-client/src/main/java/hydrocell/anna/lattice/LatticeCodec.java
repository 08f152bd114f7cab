package hydrocell.anna.lattice;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Lattices in bytes, as drawn in this package's description. Equal lattices have equal bytes. */
public final class LatticeCodec {
  /** How deeply maps may lie in maps. */
  public static final int MAX_DEPTH = 8;

  private static final int LWW = 1;
  private static final int MAX = 2;
  private static final int MIN = 3;
  private static final int GROW_SET = 4;
  private static final int OR_SET = 5;
  private static final int COUNTER = 6;
  private static final int CAUSAL = 7;
  private static final int MAP = 8;

  private LatticeCodec() {}

  /**
   * About how many bytes a lattice takes, so that a large one is not copied while a frame grows.
   */
  public static int sizeHint(Lattice lattice) {
    return lattice instanceof LwwRegister register ? register.value().length + 64 : 256;
  }

  /**
   * Appends a lattice to a frame. Not a switch over types, which is linked at run time, while the
   * first cell waits.
   */
  @SuppressWarnings("IfChainToSwitch")
  public static void write(ByteWriter out, Lattice lattice) {
    if (lattice instanceof LwwRegister r) {
      writeRegisterHead(out, r.stamp(), r.value().length);
      out.raw(r.value(), 0, r.value().length);
    } else if (lattice instanceof MapLattice m) {
      out.u8(MAP);
      out.list(m.fields().entrySet(), (w, e) -> write(w.text(e.getKey()), e.getValue()));
    } else if (lattice instanceof CausalRegister r) {
      out.u8(CAUSAL);
      r.context().write(out);
      out.list(r.siblings(), (w, s) -> sibling(w, s));
    } else if (lattice instanceof Counter c) {
      out.u8(COUNTER);
      out.list(
          c.parts().entrySet(),
          (w, e) -> w.text(e.getKey()).varint(e.getValue().up()).varint(e.getValue().down()));
    } else if (lattice instanceof MaxLattice m) {
      out.u8(MAX).u64(m.value());
    } else if (lattice instanceof MinLattice m) {
      out.u8(MIN).u64(m.value());
    } else if (lattice instanceof GrowSet s) {
      out.u8(GROW_SET).texts(s.values());
    } else if (lattice instanceof ObservedRemoveSet s) {
      out.u8(OR_SET).list(s.additions().entrySet(), (w, e) -> stamps(w.text(e.getKey()), e));
      out.list(s.removed(), (w, stamp) -> stamp.write(w));
    } else {
      throw new IllegalArgumentException("no code for " + lattice.getClass());
    }
  }

  /** Whether this kind is that of {@link LwwRegister}. */
  public static boolean isRegister(int kind) {
    return kind == LWW;
  }

  /** Writes a register up to its value's bytes, which the caller sends after it. */
  public static void writeRegisterHead(ByteWriter out, Stamp stamp, int valueBytes) {
    stamp.write(out.u8(LWW));
    out.varint(valueBytes);
  }

  /** The stamp of the register that starts here; null when it is another lattice. */
  public static @Nullable Stamp readRegisterHead(ByteReader in) throws MalformedFrameException {
    return isRegister(in.u8()) ? Stamp.read(in) : null;
  }

  /** Reads what {@link #write} wrote. */
  public static Lattice read(ByteReader in) throws MalformedFrameException {
    return read(in, 0);
  }

  private static Lattice read(ByteReader in, int depth) throws MalformedFrameException {
    if (depth > MAX_DEPTH) {
      throw new MalformedFrameException("maps are nested more than " + MAX_DEPTH + " deep");
    }
    int kind = in.u8();
    return switch (kind) {
      case LWW -> new LwwRegister(Stamp.read(in), in.bytes());
      case MAX -> new MaxLattice(in.u64());
      case MIN -> new MinLattice(in.u64());
      case GROW_SET -> new GrowSet(in.texts());
      case OR_SET -> readOrSet(in);
      case COUNTER -> readCounter(in);
      case CAUSAL -> readCausal(in);
      case MAP -> readMap(in, depth);
      default -> throw new MalformedFrameException("no lattice has the kind " + kind);
    };
  }

  private static void stamps(ByteWriter out, Map.Entry<String, Set<Stamp>> addition) {
    out.list(addition.getValue(), (w, stamp) -> stamp.write(w));
  }

  private static void sibling(ByteWriter out, CausalRegister.Sibling sibling) {
    sibling.dot().write(out);
    out.bytes(sibling.value());
  }

  private static Lattice readOrSet(ByteReader in) throws MalformedFrameException {
    Map<String, Set<Stamp>> additions = new TreeMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      additions.put(in.text(), new TreeSet<>(in.list(Stamp::read)));
    }
    return new ObservedRemoveSet(additions, new TreeSet<>(in.list(Stamp::read)));
  }

  private static Lattice readCounter(ByteReader in) throws MalformedFrameException {
    Map<String, Counter.Part> parts = new TreeMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      String writer = in.text();
      long up = in.varint();
      parts.put(writer, new Counter.Part(up, in.varint()));
    }
    return new Counter(parts);
  }

  private static Lattice readCausal(ByteReader in) throws MalformedFrameException {
    VersionVector context = VersionVector.read(in);
    List<CausalRegister.Sibling> siblings = new ArrayList<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      Stamp dot = Stamp.read(in);
      siblings.add(new CausalRegister.Sibling(dot, in.bytes()));
    }
    return new CausalRegister(siblings, context);
  }

  private static Lattice readMap(ByteReader in, int depth) throws MalformedFrameException {
    Map<String, Lattice> fields = new TreeMap<>();
    int count = in.count();
    for (int i = 0; i < count; i++) {
      String field = in.text();
      fields.put(field, read(in, depth + 1));
    }
    return MapLattice.of(fields);
  }
}
