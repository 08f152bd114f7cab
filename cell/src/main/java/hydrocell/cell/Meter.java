package hydrocell.cell;

/**
 * What one cell cost. Immutable.
 *
 * @param wallNs time from start to end of the run
 * @param cpuNs processor time of the cell's main thread
 * @param keysRead values and classes fetched from Anna
 * @param bytesRead their bytes
 * @param keysWritten values, classes and manifest deltas written
 * @param bytesWritten their bytes
 */
public record Meter(
    long wallNs, long cpuNs, long keysRead, long bytesRead, long keysWritten, long bytesWritten) {
  /** Nothing. */
  public static final Meter ZERO = new Meter(0, 0, 0, 0, 0, 0);

  /** The sum. */
  public Meter plus(Meter other) {
    return new Meter(
        wallNs + other.wallNs,
        cpuNs + other.cpuNs,
        keysRead + other.keysRead,
        bytesRead + other.bytesRead,
        keysWritten + other.keysWritten,
        bytesWritten + other.bytesWritten);
  }
}
