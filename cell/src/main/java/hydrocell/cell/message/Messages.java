package hydrocell.cell.message;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.FrameConnection;
import hydrocell.cell.wire.RecordCodec;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Sends and receives messages on a connection. */
public final class Messages {
  private Messages() {}

  /** Sends a message as a member of its sealed interface. */
  public static <T> void send(FrameConnection connection, Class<T> protocol, T message)
      throws IOException {
    ByteWriter out = new ByteWriter();
    RecordCodec.write(out, protocol, message);
    connection.send(out);
  }

  /** Waits for the next message; null when the peer closed. */
  public static <T> @Nullable T receive(FrameConnection connection, Class<T> protocol)
      throws IOException {
    ByteBuffer frame = connection.receive();
    if (frame == null) {
      return null;
    }
    ByteReader in = new ByteReader(frame);
    T message = RecordCodec.read(in, protocol);
    in.end();
    return message;
  }
}
