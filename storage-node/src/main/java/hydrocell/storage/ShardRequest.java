package hydrocell.storage;

import hydrocell.anna.Durability;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.RegisterMerge;
import io.netty.buffer.ByteBuf;

/** A request on its way to a shard. */
sealed interface ShardRequest {
  /** Whether the shard must log it. */
  boolean writes();

  /** Whether its answer waits for the device. */
  boolean forces();

  /** Gives back what it holds; called once, when it is answered. */
  default void release() {}

  /** A request that was read as a whole. */
  record Plain(AnnaRequest request) implements ShardRequest {
    @Override
    public boolean writes() {
      return request instanceof AnnaRequest.Merge || request instanceof AnnaRequest.Delete;
    }

    @Override
    public boolean forces() {
      return request instanceof AnnaRequest.Merge merge && merge.durability() == Durability.DISK;
    }
  }

  /**
   * A merge of a register whose bytes stay in the frame they came in.
   *
   * @param head what stands before the bytes
   * @param lattice the register as it goes to the log; owned by this request
   */
  record Register(RegisterMerge head, ByteBuf lattice) implements ShardRequest {
    @Override
    public boolean writes() {
      return true;
    }

    @Override
    public boolean forces() {
      return head.durability() == Durability.DISK;
    }

    @Override
    public void release() {
      lattice.release();
    }
  }
}
