package hydrocell.anna;

/**
 * How safe an acknowledged write is; a later constant includes the earlier ones. Wire code =
 * ordinal.
 */
public enum Durability {
  /** In the memory of the shard. */
  MEMORY,
  /** Handed to the operating system by the log's write: survives the death of any process. */
  LOG,
  /** Forced to the device: survives a power cut. */
  DISK
}
