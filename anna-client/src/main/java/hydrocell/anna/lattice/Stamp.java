package hydrocell.anna.lattice;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.util.Comparator;

/**
 * Names one write, without any clock: one more than the largest counter the writer had seen, the
 * writer, and which attempt of the same work this is. Ordered by counter, then writer, then
 * attempt. Immutable.
 *
 * @param counter at least 1
 * @param writer who writes; unique for every kernel start
 * @param attempt 0 for the first; what is retried runs under a higher one, and the lower one loses
 */
public record Stamp(long counter, String writer, int attempt) implements Comparable<Stamp> {
  private static final Comparator<Stamp> ORDER =
      Comparator.comparingLong(Stamp::counter)
          .thenComparing(Stamp::writer)
          .thenComparingInt(Stamp::attempt);

  /** Whether both are attempts of the same work. */
  public boolean sameWork(Stamp other) {
    return counter == other.counter && writer.equals(other.writer);
  }

  /** The next attempt of the same work. */
  public Stamp nextAttempt() {
    return new Stamp(counter, writer, attempt + 1);
  }

  /** Appends this to a frame: counter, attempt, writer. */
  public void write(ByteWriter out) {
    out.varint(counter).varint(attempt).text(writer);
  }

  /** Reads what {@link #write} wrote. */
  public static Stamp read(ByteReader in) throws MalformedFrameException {
    long counter = in.varint();
    int attempt = in.count();
    return new Stamp(counter, in.text(), attempt);
  }

  @Override
  public int compareTo(Stamp other) {
    return ORDER.compare(this, other);
  }

  /** The spelling in keys: {@code counter.writer.attempt}. */
  @Override
  public String toString() {
    return counter + "." + writer + "." + attempt;
  }
}
