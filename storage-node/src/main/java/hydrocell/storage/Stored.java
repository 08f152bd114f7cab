package hydrocell.storage;

import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.storage.log.SegmentedLog;
import org.jspecify.annotations.Nullable;

/**
 * What a shard holds of one key: the lattice itself, or, for a large register, where it lies in the
 * log. Owned by the shard's thread.
 */
final class Stored {
  /** The lattice; null when it lies on disk. */
  @Nullable Lattice lattice;

  /** Where a large register lies; null when it is in memory. */
  SegmentedLog.@Nullable Location onDisk;

  /** Stamp of the register on disk. */
  @Nullable Stamp stampOnDisk;

  /** Changes with every merge that changed the key. */
  long version;

  /** Oldest segment that holds a record of this key. */
  long oldestSegment;

  /** Bytes of a snapshot of this key, about. */
  long liveBytes;
}
