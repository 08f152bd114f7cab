package hydrocell.anna.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One blocking connection that carries frames. Any thread may send, one frame after the other; one
 * thread receives. An interrupt of a thread inside {@link #send} or {@link #receive} closes the
 * connection, so threads that run user code hand their frames to a thread of ours.
 */
public final class FrameConnection implements Closeable {
  /** What any frame may hold unless a connection is opened with another limit. */
  public static final int DEFAULT_MAX_FRAME_BYTES = 16 << 20;

  private static final int READ_AHEAD_BYTES = 64 << 10;

  private static final FramePool UNPOOLED = new FramePool(0, 1);

  private final SocketChannel channel;
  private final int maxFrameBytes;
  private final ReentrantLock sending = new ReentrantLock();
  private final ByteBuffer ahead = ByteBuffer.allocateDirect(READ_AHEAD_BYTES).flip();

  /** Takes over a connected blocking channel. */
  public FrameConnection(SocketChannel channel, int maxFrameBytes) {
    this.channel = channel;
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Connects; the handshake is the caller's next step. */
  public static FrameConnection connect(Endpoint endpoint) throws IOException {
    SocketChannel channel =
        endpoint.isUnix() ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
    try {
      channel.connect(endpoint.address());
      if (!endpoint.isUnix()) {
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      }
      return new FrameConnection(channel, DEFAULT_MAX_FRAME_BYTES);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Sends one frame made of the parts, in order, and returns when the system has taken it. Blocks
   * while the peer does not read.
   */
  public void send(ByteBuffer... parts) throws IOException {
    long length = 0;
    ByteBuffer[] frame = new ByteBuffer[parts.length + 1];
    for (int i = 0; i < parts.length; i++) {
      length += parts[i].remaining();
      frame[i + 1] = parts[i];
    }
    if (length < 1 || length > maxFrameBytes) {
      throw new IllegalArgumentException("a frame of " + length + " bytes; 1.." + maxFrameBytes);
    }
    frame[0] = ByteBuffer.allocate(4).putInt(0, (int) length);
    long left = length + 4;
    sending.lock();
    try {
      while (left > 0) {
        left -= channel.write(frame);
      }
    } finally {
      sending.unlock();
    }
  }

  /** Sends what the writer holds as one frame. */
  public void send(ByteWriter payload) throws IOException {
    send(payload.view());
  }

  /**
   * Waits for the next frame.
   *
   * @return a fresh buffer with the payload, or null when the peer closed between two frames
   * @throws EOFException when the peer closed inside a frame
   * @throws MalformedFrameException when the length is out of bounds
   */
  public @Nullable ByteBuffer receive() throws IOException {
    return receive(UNPOOLED);
  }

  /** Waits for the next frame, as {@link #receive()}, from a peer that is not trusted with more. */
  @Nullable ByteBuffer receiveAtMost(int maxBytes) throws IOException {
    return receive(UNPOOLED, maxBytes);
  }

  /**
   * Waits for the next frame, as {@link #receive()}, in memory from a pool; who has read the frame
   * recycles the buffer.
   */
  public @Nullable ByteBuffer receive(FramePool frames) throws IOException {
    return receive(frames, maxFrameBytes);
  }

  private @Nullable ByteBuffer receive(FramePool frames, int maxBytes) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(4);
    fill(header);
    if (header.position() == 0) {
      return null;
    }
    if (header.hasRemaining()) {
      throw new EOFException("the peer closed inside a frame");
    }
    int length = header.getInt(0);
    if (length < 1 || length > maxBytes) {
      throw new MalformedFrameException("a frame of " + (length & 0xFFFFFFFFL) + " bytes");
    }
    ByteBuffer payload = frames.take(length);
    fill(payload);
    if (payload.hasRemaining()) {
      throw new EOFException("the peer closed inside a frame");
    }
    return payload.flip();
  }

  /** Refuses a peer that is another user of this machine, as far as the system tells. */
  void requireOwnUser() throws IOException {
    PeerUser.requireOwn(channel);
  }

  /** Whether {@link #close} was called or the channel failed. */
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /**
   * Fills the buffer, reading ahead for small frames; stops short only at the end of the stream.
   */
  private void fill(ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (ahead.hasRemaining()) {
        int take = Math.min(ahead.remaining(), target.remaining());
        target.put(target.position(), ahead, ahead.position(), take);
        target.position(target.position() + take);
        ahead.position(ahead.position() + take);
      } else if (target.remaining() >= READ_AHEAD_BYTES) {
        if (channel.read(target) < 0) {
          return;
        }
      } else {
        ahead.clear();
        int read = channel.read(ahead);
        ahead.flip();
        if (read < 0) {
          return;
        }
      }
    }
  }
}
