package hydrocell.benchmarks;

import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.LwwRegister;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.wire.AnnaReply;
import hydrocell.anna.wire.AnnaRequest;
import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.Handshake;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Anna's frames, written and read in blocks as the redis client does. */
final class AnnaFrames implements Load.Client {
  static final int VALUE_BYTES = 100;
  static final int KEYS_PER_CLIENT = 1_000;

  private final Closeable connection;
  private final OutputStream out;
  private final DataInputStream in;
  private final String prefix;
  private final int client;
  private final boolean writes;
  private long next = System.nanoTime();
  private boolean isChecked;

  /**
   * A client on a connection.
   *
   * @param credentials see {@code Access}
   * @param prefix of its keys
   */
  AnnaFrames(
      Closeable connection,
      InputStream in,
      OutputStream out,
      byte[] credentials,
      String prefix,
      int client,
      boolean writes)
      throws IOException {
    this.connection = connection;
    this.in = new DataInputStream(new BufferedInputStream(in, 1 << 16));
    this.out = out;
    this.prefix = prefix;
    this.client = client;
    this.writes = writes;
    ByteWriter hello =
        new ByteWriter()
            .u32(0x48594331)
            .varint(Handshake.PROTOCOL)
            .text("benchmark")
            .bytes(credentials)
            .text("");
    ByteWriter whole = new ByteWriter().u32(hello.size());
    whole.raw(hello.view().array(), 0, hello.size());
    out.write(whole.toByteArray());
    byte[] welcome = this.in.readNBytes(this.in.readInt());
    if (welcome[0] != 0) {
      throw new IOException(new ByteReader(ByteBuffer.wrap(welcome, 1, welcome.length - 1)).text());
    }
  }

  @Override
  public void round(int count) throws IOException {
    ByteWriter block = new ByteWriter(1 << 14);
    for (int i = 0; i < count; i++) {
      Key key = new Key(prefix + client + "/" + next % KEYS_PER_CLIENT);
      ByteWriter frame = new ByteWriter();
      AnnaRequest request =
          writes
              ? new AnnaRequest.Merge(
                  key,
                  new LwwRegister(new Stamp(next, "w", 0), new byte[VALUE_BYTES]),
                  Durability.LOG,
                  null)
              : new AnnaRequest.Get(key);
      next++;
      AnnaRequest.write(frame, i, request);
      block.u32(frame.size()).raw(frame.view().array(), 0, frame.size());
    }
    out.write(block.view().array(), 0, block.size());
    if (!isChecked) {
      isChecked = true;
      count--;
      requireAnswer();
    }
    for (int i = 0; i < count; i++) {
      in.skipNBytes(in.readInt());
    }
  }

  /** The first answer is read: a load of refusals is none. */
  private void requireAnswer() throws IOException {
    ByteReader reply = new ByteReader(ByteBuffer.wrap(in.readNBytes(in.readInt())));
    reply.varint();
    if (AnnaReply.read(reply) instanceof AnnaReply.Failed failed) {
      throw new IOException(failed.toString());
    }
  }

  @Override
  public void close() throws IOException {
    connection.close();
  }
}
