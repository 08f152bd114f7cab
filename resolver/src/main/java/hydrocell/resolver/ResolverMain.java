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
import java.nio.ByteBuffer;

/** The resolver's process: answers one request and ends. */
public final class ResolverMain {
  private ResolverMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    DataOutputStream answer = new DataOutputStream(new FileOutputStream(FileDescriptor.out));
    // What libraries print is none of the answer.
    System.setOut(System.err);
    DataInputStream in = new DataInputStream(System.in);
    byte[] bytes = in.readNBytes(in.readInt());
    Resolution resolution = resolve(RecordCodec.decode(ResolveRequest.class, bytes));
    ByteWriter out = new ByteWriter();
    RecordCodec.write(out, Resolution.class, resolution);
    ByteBuffer view = out.view();
    byte[] written = new byte[view.remaining()];
    view.get(written);
    answer.writeInt(written.length);
    answer.write(written);
    answer.flush();
    System.exit(0);
  }

  private static Resolution resolve(ResolveRequest request) {
    try (Maven maven = Maven.asConfigured(request.offline(), request.fresh())) {
      return new Resolving(maven, request).resolve();
    } catch (IOException e) {
      return new Resolution.Unresolved(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      e.printStackTrace();
      return new Resolution.Unresolved("the libraries cannot be found out: " + e);
    }
  }
}
