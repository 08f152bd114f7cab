package hydrocell.anna.wire;

import hydrocell.anna.Durability;
import hydrocell.anna.Guard;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LatticeCodec;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a client asks of a storage node; the bytes are drawn in this package's description. */
public sealed interface AnnaRequest {
  /** Code of a merge. */
  int MERGE = 4;

  /** Reads the lattice under a key. */
  record Get(Key key) implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(1).text(key.text());
    }

    @Override
    public boolean isAllowed(Access access) {
      return access.allows(Access.Right.READ, key.text());
    }
  }

  /** Reads a key's version. */
  record Version(Key key) implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(2).text(key.text());
    }

    @Override
    public boolean isAllowed(Access access) {
      return access.allows(Access.Right.READ, key.text());
    }
  }

  /** Reads some fields of a map lattice. */
  record GetFields(Key key, Set<String> fields) implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(3).text(key.text()).texts(fields);
    }

    @Override
    public boolean isAllowed(Access access) {
      return access.allows(Access.Right.READ, key.text());
    }
  }

  /** Merges a delta. */
  record Merge(Key key, Lattice delta, Durability durability, @Nullable Guard guard)
      implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      writeMergeHead(out, key, durability, guard);
      LatticeCodec.write(out, delta);
    }

    @Override
    public boolean isAllowed(Access access) {
      return access.allowsMerge(key.text(), delta);
    }
  }

  /** Removes keys. */
  record Delete(List<Key> keys) implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(5).list(keys, (w, key) -> w.text(key.text()));
    }

    @Override
    public boolean isAllowed(Access access) {
      return keys.stream().allMatch(key -> access.allows(Access.Right.DELETE, key.text()));
    }
  }

  /** Lists keys; an empty cursor is the beginning. */
  record Scan(String prefix, String cursor, int limit) implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(6).text(prefix).text(cursor).varint(limit);
    }

    @Override
    public boolean isAllowed(Access access) {
      return access.allows(Access.Right.SCAN, prefix);
    }
  }

  /** Asks for figures. */
  record Stats() implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(7);
    }

    /** Figures are of all keys. */
    @Override
    public boolean isAllowed(Access access) {
      return access.allows(Access.Right.SCAN, "");
    }
  }

  /** Begins to free all that is dead in the logs; answered by figures. */
  record Compact() implements AnnaRequest {
    @Override
    public void writeBody(ByteWriter out) {
      out.u8(8);
    }

    /** It is done to all keys. */
    @Override
    public boolean isAllowed(Access access) {
      return access.allows(Access.Right.DELETE, "");
    }
  }

  /**
   * Writes operation and body. A method of each kind and not a switch over them: a switch over
   * types is linked at run time, while the first cell waits.
   */
  void writeBody(ByteWriter out);

  /** Whether a client with this access may ask it: every key that it names is granted. */
  boolean isAllowed(Access access);

  /** About how many bytes a request takes. */
  static int sizeHint(AnnaRequest request) {
    return request instanceof Merge merge
        ? 128 + merge.key().text().length() + LatticeCodec.sizeHint(merge.delta())
        : 256;
  }

  /** Writes id, operation and body. */
  static void write(ByteWriter out, long id, AnnaRequest request) {
    request.writeBody(out.varint(id));
  }

  /** Writes a merge without id and lattice. */
  static void writeMergeHead(
      ByteWriter out, Key key, Durability durability, @Nullable Guard guard) {
    out.u8(MERGE).text(key.text()).u8(durability.ordinal()).bool(guard != null);
    if (guard != null) {
      out.text(guard.field()).u64(guard.atMost());
    }
  }

  /** Reads operation and body; the id was read before. */
  static AnnaRequest read(ByteReader in) throws MalformedFrameException {
    int operation = in.u8();
    AnnaRequest request =
        switch (operation) {
          case 1 -> new Get(key(in));
          case 2 -> new Version(key(in));
          case 3 -> new GetFields(key(in), new LinkedHashSet<>(in.texts()));
          case MERGE -> readMerge(in);
          case 5 -> new Delete(in.list(AnnaRequest::key));
          case 6 -> new Scan(in.text(), in.text(), in.count());
          case 7 -> new Stats();
          case 8 -> new Compact();
          default -> throw new MalformedFrameException("no operation has the code " + operation);
        };
    in.end();
    return request;
  }

  private static Merge readMerge(ByteReader in) throws MalformedFrameException {
    Key key = key(in);
    Durability durability = durability(in);
    Guard guard = guard(in);
    return new Merge(key, LatticeCodec.read(in), durability, guard);
  }

  /** Reads a guard, if there is one. */
  static @Nullable Guard guard(ByteReader in) throws MalformedFrameException {
    return in.bool() ? new Guard(in.text(), in.u64()) : null;
  }

  /** Reads a durability. */
  static Durability durability(ByteReader in) throws MalformedFrameException {
    int code = in.u8();
    return switch (code) {
      case 0 -> Durability.MEMORY;
      case 1 -> Durability.LOG;
      case 2 -> Durability.DISK;
      default -> throw new MalformedFrameException("no durability has the code " + code);
    };
  }

  /** Reads a key and checks its length. */
  static Key key(ByteReader in) throws MalformedFrameException {
    try {
      return new Key(in.text());
    } catch (IllegalArgumentException e) {
      throw new MalformedFrameException(String.valueOf(e.getMessage()));
    }
  }
}
