package hydrocell.storage;

import hydrocell.anna.Key;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.Handshake;
import hydrocell.anna.wire.RegisterMerge;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a client's keys mean, and which of them are the client's to use, beyond what its token says.
 * Used by the connection's loop.
 */
interface KeySpace extends Handshake.Secrets {
  /** The request as the shards are to do it; null when the client may not ask it. */
  @Nullable AnnaRequest opened(AnnaRequest request);

  /**
   * The key under which a client's register is to be merged; null when it may not be.
   *
   * @param value its bytes
   */
  @Nullable Key mergedUnder(RegisterMerge head, ByteBuffer value);

  /** A shard's answer, with keys as the client spells them. */
  AnnaReply told(AnnaRequest asked, AnnaReply answer);

  /**
   * Why there is no room for more under a key; null when there is.
   *
   * @param value whether it is a value of some size, and not what says which names there are
   */
  @Nullable String full(Key key, boolean value);

  /** The store of one person: every key is its own. */
  record OnePerson(byte[] secret) implements KeySpace {
    @Override
    public byte[] expected(byte[] presented) {
      return secret;
    }

    @Override
    public AnnaRequest opened(AnnaRequest request) {
      return request;
    }

    @Override
    public Key mergedUnder(RegisterMerge head, ByteBuffer value) {
      return head.key();
    }

    @Override
    public AnnaReply told(AnnaRequest asked, AnnaReply answer) {
      return answer;
    }

    @Override
    public @Nullable String full(Key key, boolean value) {
      return null;
    }
  }

  /** Is told what the shards hold, before anybody is told that they do. */
  interface Watcher {
    /** A key has this lattice now; null when it is gone. On the shard's thread. */
    void changed(String key, @Nullable Lattice lattice);

    /** A key takes that many bytes more, or fewer. On the shard's thread. */
    void resized(String key, long moreBytes);
  }
}
