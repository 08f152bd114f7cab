package hydrocell.executor.run;

import hydrocell.cell.message.FromExecutor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The input of one cell: lines that the kernel asks the person for. Whoever reads waits behind its
 * shut gate, so that an interrupt ends the wait cleanly. Thread-safe.
 */
final class Stdin {
  private static final long RECHECK_NS = TimeUnit.SECONDS.toNanos(1);

  private final CellRun run;
  private final boolean allowed;
  private final Set<Thread> waiting = ConcurrentHashMap.newKeySet();
  private byte[] line = {};
  private int position;
  private boolean asking;
  private boolean answered;
  private boolean closed;
  private @Nullable String answer;

  Stdin(CellRun run, boolean allowed) {
    this.run = run;
    this.allowed = allowed;
  }

  /** Reads bytes of lines; -1 at the end of file. */
  int read(byte[] into, int offset, int length) throws IOException {
    synchronized (this) {
      if (position < line.length) {
        return take(into, offset, length);
      }
    }
    String text = readLine("", false);
    if (text == null) {
      return -1;
    }
    synchronized (this) {
      line = (text + "\n").getBytes(StandardCharsets.UTF_8);
      position = 0;
      return take(into, offset, length);
    }
  }

  private int take(byte[] into, int offset, int length) {
    int count = Math.min(length, line.length - position);
    System.arraycopy(line, position, into, offset, count);
    position += count;
    return count;
  }

  /** Bytes that can be read without asking. */
  synchronized int available() {
    return line.length - position;
  }

  /** Asks for a line and waits; null at the end of file. */
  @Nullable String readLine(String prompt, boolean password) throws IOException {
    if (!allowed) {
      throw new IOException(
          "this cell may not ask for input: the front end that runs it has nobody to answer");
    }
    Gate gate = run.gate();
    waiting.add(Thread.currentThread());
    try {
      while (!startAsking()) {
        pause(gate);
      }
      run.say(new FromExecutor.InputWanted(run.requestId(), prompt, password));
      while (!isAnswered()) {
        pause(gate);
      }
      return take();
    } finally {
      waiting.remove(Thread.currentThread());
    }
  }

  private static void pause(Gate gate) throws IOException {
    LockSupport.parkNanos(RECHECK_NS);
    if (gate.owes()) {
      throw new IOException("the wait for input was interrupted");
    }
    if (Thread.interrupted()) {
      Thread.currentThread().interrupt();
      throw new java.io.InterruptedIOException("this thread was interrupted");
    }
  }

  private synchronized boolean startAsking() {
    if (asking && !closed) {
      return false;
    }
    asking = true;
    answered = closed;
    answer = null;
    return true;
  }

  private synchronized boolean isAnswered() {
    return answered || closed;
  }

  private synchronized @Nullable String take() {
    asking = false;
    answered = false;
    wake();
    return answer;
  }

  /** The person answered; null is the end of file. */
  synchronized void answer(@Nullable String text) {
    if (asking && !answered) {
      answer = text;
      answered = true;
      wake();
    }
  }

  /** Nobody answers any more. */
  synchronized void close() {
    closed = true;
    wake();
  }

  private void wake() {
    waiting.forEach(LockSupport::unpark);
  }
}
