package hydrocell.storage;

import hydrocell.anna.wire.AnnaReply;
import io.netty.buffer.ByteBuf;

/** A shard's answer. */
sealed interface ShardReply {
  /** Gives back what it holds, instead of sending it. */
  default void release() {}

  /** An answer that is yet to be encoded. */
  record Plain(AnnaReply reply) implements ShardReply {}

  /**
   * Answers a read with a lattice's bytes as they lie in the log.
   *
   * @param version of the key
   * @param lattice owned by whoever holds this answer
   */
  record Found(long version, ByteBuf lattice) implements ShardReply {
    @Override
    public void release() {
      lattice.release();
    }
  }
}
