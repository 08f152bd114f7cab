package hydrocell.anna;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;

/** Reads the chunks of a value one after the other without copying them together. */
final class ChunkInputStream extends InputStream {
  private final Iterator<ByteBuffer> rest;
  private ByteBuffer current = ByteBuffer.allocate(0);

  ChunkInputStream(List<ByteBuffer> chunks) {
    rest = chunks.iterator();
  }

  @Override
  public int read() {
    return advance() ? current.get() & 0xFF : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    if (length == 0) {
      return 0;
    }
    if (!advance()) {
      return -1;
    }
    int take = Math.min(length, current.remaining());
    current.get(target, offset, take);
    return take;
  }

  private boolean advance() {
    while (!current.hasRemaining()) {
      if (!rest.hasNext()) {
        return false;
      }
      current = rest.next().duplicate();
    }
    return true;
  }
}
