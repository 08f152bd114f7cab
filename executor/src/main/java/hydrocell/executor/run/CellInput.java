package hydrocell.executor.run;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * {@code System.in}: reads the input of the cell that the thread belongs to, asked for from the
 * person at the notebook line by line. Thread-safe.
 */
final class CellInput extends InputStream {
  private final CellThreads threads;

  CellInput(CellThreads threads) {
    this.threads = threads;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    CellRun run = threads.current();
    if (run == null) {
      return -1;
    }
    Gate gate = run.gate();
    gate.shut();
    try {
      return length == 0 ? 0 : run.stdin().read(into, offset, length);
    } finally {
      gate.open();
    }
  }

  @Override
  public int available() {
    CellRun run = threads.current();
    return run == null ? 0 : run.stdin().available();
  }

  @Override
  public void close() {
    // A Scanner that is closed must not cost the next cell its input.
  }
}
