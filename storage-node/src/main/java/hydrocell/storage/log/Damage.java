package hydrocell.storage.log;

/**
 * A part of a log that recovery could not read.
 *
 * @param where the segment's file
 * @param offset where the part begins
 * @param bytes its length; 0 for a segment that is missing
 * @param key of the record that stood there, if that can still be read; else empty
 */
public record Damage(String where, long offset, long bytes, String key) {
  /** For the log and for people. */
  public String text() {
    String what = key.isEmpty() ? "" : "; it held " + key;
    return bytes == 0
        ? where + " is missing: what only it held is lost"
        : "%s is damaged at offset %d: %d bytes are skipped%s"
            .formatted(where, offset, bytes, what);
  }
}
