package hydrocell.anna.lattice;

import java.util.Arrays;
import java.util.Objects;

/**
 * Last writer wins, by stamp; equal stamps are decided by the larger bytes, so that the order of
 * arrival never matters. The array must not be changed.
 */
public final class LwwRegister implements Lattice {
  private Stamp stamp;
  private byte[] value;

  /** A register written once. */
  public LwwRegister(Stamp stamp, byte[] value) {
    this.stamp = stamp;
    this.value = value;
  }

  /** The winning write. */
  public Stamp stamp() {
    return stamp;
  }

  /** What it wrote; not a copy. */
  public byte[] value() {
    return value;
  }

  @Override
  public boolean merge(Lattice other) {
    LwwRegister register = Lattice.cast(LwwRegister.class, other);
    int order = register.stamp.compareTo(stamp);
    if (order < 0 || (order == 0 && Arrays.compareUnsigned(register.value, value) <= 0)) {
      return false;
    }
    stamp = register.stamp;
    value = register.value;
    return true;
  }

  @Override
  public LwwRegister copy() {
    return new LwwRegister(stamp, value);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LwwRegister r && r.stamp.equals(stamp) && Arrays.equals(r.value, value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(stamp, Arrays.hashCode(value));
  }
}
