package hydrocell.anna.lattice;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A register that keeps what was written concurrently side by side. Each write carries what its
 * writer had seen, and replaces exactly that (dotted version vectors; Preguiça et al., 2012). A
 * removal is a write of nothing. Of two attempts of the same work the higher one counts.
 */
public final class CausalRegister implements Lattice {
  /**
   * One of the values that stand side by side.
   *
   * @param dot the write
   * @param value what it wrote; not a copy
   */
  public record Sibling(Stamp dot, byte[] value) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Sibling s && s.dot.equals(dot) && Arrays.equals(s.value, value);
    }

    @Override
    public int hashCode() {
      return 31 * dot.hashCode() + Arrays.hashCode(value);
    }
  }

  /** Counter and writer: all attempts of one piece of work are one write. */
  private record Work(long counter, String writer) implements Comparable<Work> {
    static Work of(Stamp dot) {
      return new Work(dot.counter(), dot.writer());
    }

    @Override
    public int compareTo(Work other) {
      int order = Long.compare(counter, other.counter);
      return order != 0 ? order : writer.compareTo(other.writer);
    }
  }

  private final Map<Work, Sibling> siblings = new TreeMap<>();
  private VersionVector context;

  /** A register with this state; used when reading it back. */
  public CausalRegister(List<Sibling> siblings, VersionVector context) {
    siblings.forEach(s -> this.siblings.put(Work.of(s.dot()), s));
    this.context = context;
  }

  /** A write by somebody who had seen {@code base}. */
  public static CausalRegister write(Stamp dot, byte[] value, VersionVector base) {
    return new CausalRegister(List.of(new Sibling(dot, value)), base.with(dot));
  }

  /** A removal by somebody who had seen {@code base}. */
  public static CausalRegister remove(Stamp dot, VersionVector base) {
    return new CausalRegister(List.of(), base.with(dot));
  }

  /** The values that stand side by side, by stamp; empty when removed. */
  public List<Sibling> siblings() {
    return List.copyOf(siblings.values());
  }

  /** Every write that is known here, whether it still stands or not. */
  public VersionVector context() {
    return context;
  }

  /** Whether nothing stands. */
  public boolean isRemoved() {
    return siblings.isEmpty();
  }

  @Override
  public boolean merge(Lattice other) {
    CausalRegister register = Lattice.cast(CausalRegister.class, other);
    Map<Work, Sibling> merged = new TreeMap<>();
    keep(siblings, register, merged);
    keep(register.siblings, this, merged);
    VersionVector joined = context.join(register.context);
    boolean grew = !joined.equals(context) || !merged.equals(siblings);
    siblings.clear();
    siblings.putAll(merged);
    context = joined;
    return grew;
  }

  /** A sibling stays when the other side has it too, or has never seen it. */
  private static void keep(Map<Work, Sibling> from, CausalRegister other, Map<Work, Sibling> into) {
    for (Map.Entry<Work, Sibling> each : from.entrySet()) {
      if (other.siblings.containsKey(each.getKey())
          || !other.context.covers(each.getValue().dot())) {
        into.merge(each.getKey(), each.getValue(), CausalRegister::stronger);
      }
    }
  }

  private static Sibling stronger(Sibling a, Sibling b) {
    int order = Integer.compare(a.dot().attempt(), b.dot().attempt());
    if (order == 0) {
      order = Arrays.compareUnsigned(a.value(), b.value());
    }
    return order >= 0 ? a : b;
  }

  @Override
  public CausalRegister copy() {
    return new CausalRegister(siblings(), context);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CausalRegister register
        && register.siblings.equals(siblings)
        && register.context.equals(context);
  }

  @Override
  public int hashCode() {
    return 31 * siblings.hashCode() + context.hashCode();
  }
}
