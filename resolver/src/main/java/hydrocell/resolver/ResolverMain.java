package hydrocell.resolver;

import hydrocell.anna.wire.ByteWriter;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import hydrocell.cell.wire.RecordCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** The resolver's process: answers one request, tells how far it is, and ends. */
public final class ResolverMain {
  private ResolverMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    DataOutputStream answer = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    // What libraries print is none of the answer.
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    byte[] bytes = in.readNBytes(in.readInt());
    ResolveRequest request = RecordCodec.decode(ResolveRequest.class, bytes);
    Downloads downloads = new Downloads(System::nanoTime, underway -> tell(answer, underway));
    write(answer, resolve(request, downloads));
    System.exit(0);
  }

  private static void tell(DataOutputStream answer, Resolution.Underway underway) {
    try {
      write(answer, underway);
    } catch (IOException e) {
      // Nobody listens any more: the host ends this process.
      throw new UncheckedIOException(e);
    }
  }

  private static void write(DataOutputStream answer, Resolution resolution) throws IOException {
    ByteWriter out = new ByteWriter();
    RecordCodec.write(out, Resolution.class, resolution);
    ByteBuffer view = out.view();
    byte[] written = new byte[view.remaining()];
    view.get(written);
    synchronized (answer) {
      answer.writeInt(written.length);
      answer.write(written);
      answer.flush();
    }
  }

  private static Resolution resolve(ResolveRequest request, Downloads downloads) {
    try (Maven maven = Maven.asConfigured(request, downloads)) {
      return new Resolving(maven, request).resolve();
    } catch (IOException e) {
      return new Resolution.Unresolved(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      e.printStackTrace();
      return new Resolution.Unresolved("the libraries cannot be found out: " + e);
    }
  }
}
