package hydrocell.storage.log;

import java.io.IOException;
import java.util.List;

/**
 * Where the segments of one log lie. {@link DiskFolder} is the real one; tests put one in its place
 * whose device fills up, breaks, and forgets what was not forced.
 */
public interface LogFolder {
  /** Numbers of the segments that are there, ascending. */
  List<Long> segments() throws IOException;

  /** Opens a segment that is there. */
  SegmentFile open(long number) throws IOException;

  /** Makes an empty segment, in place of one that is there. */
  SegmentFile create(long number) throws IOException;

  /** Deletes a segment; nothing if it is not there. */
  void delete(long number) throws IOException;

  /** Returns when the device knows which segments there are. */
  void force() throws IOException;
}
