package hydrocell.executor.run;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * {@code System.out} and {@code System.err}: every write goes to the cell that the writing thread
 * belongs to. Nothing is buffered here and no lock is held, so a writer that is stopped leaves
 * nothing behind.
 */
final class CellStreams extends PrintStream {
  /** So deep under a logger is the stream that it writes to. */
  private static final int LOGGERS_DEPTH = 12;

  private final CellOutput.Channel channel;
  private final PrintStream without;
  private final CellThreads threads;

  /**
   * A stream.
   *
   * @param without takes what threads of no cell write
   */
  CellStreams(CellOutput.Channel channel, PrintStream without, CellThreads threads) {
    super(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    this.channel = channel;
    this.without = without;
    this.threads = threads;
  }

  /**
   * The cell that a write belongs to. The JDK has threads that work for the user and know no cell,
   * those of cleaners for example: what they write belongs to the cell that ran last, and never to
   * our log.
   */
  private @Nullable CellRun run() {
    CellRun own = threads.current();
    return own != null || isLog() ? own : threads.running();
  }

  private static boolean isLog() {
    return StackWalker.getInstance()
        .walk(frames ->
            frames
                .limit(LOGGERS_DEPTH)
                .anyMatch(frame -> frame.getClassName().startsWith("org.slf4j.")));
  }

  private void text(String text) {
    CellRun run = run();
    if (run == null) {
      without.print(text);
    } else {
      run.write(channel, text);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    java.util.Objects.checkFromIndexSize(offset, length, bytes.length);
    CellRun run = run();
    if (run == null) {
      without.write(bytes, offset, length);
    } else {
      run.write(channel, bytes, offset, length);
    }
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void writeBytes(byte[] bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void flush() {
    // Output leaves within milliseconds by itself.
  }

  @Override
  public void close() {
    // A cell that closes System.out must not silence the next one.
  }

  @Override
  public boolean checkError() {
    return false;
  }

  @Override
  public void print(boolean value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(char value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(int value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(long value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(float value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(double value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(char[] value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(@Nullable String value) {
    text(String.valueOf(value));
  }

  @Override
  public void print(@Nullable Object value) {
    text(String.valueOf(value));
  }

  @Override
  public void println() {
    text("\n");
  }

  @Override
  public void println(boolean value) {
    text(value + "\n");
  }

  @Override
  public void println(char value) {
    text(value + "\n");
  }

  @Override
  public void println(int value) {
    text(value + "\n");
  }

  @Override
  public void println(long value) {
    text(value + "\n");
  }

  @Override
  public void println(float value) {
    text(value + "\n");
  }

  @Override
  public void println(double value) {
    text(value + "\n");
  }

  @Override
  public void println(char[] value) {
    text(String.valueOf(value) + "\n");
  }

  @Override
  public void println(@Nullable String value) {
    text(value + "\n");
  }

  @Override
  public void println(@Nullable Object value) {
    text(value + "\n");
  }

  @Override
  public PrintStream format(String format, @Nullable Object... arguments) {
    text(String.format(format, arguments));
    return this;
  }

  @Override
  public PrintStream format(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    text(String.format(locale, format, arguments));
    return this;
  }

  @Override
  public PrintStream printf(String format, @Nullable Object... arguments) {
    return format(format, arguments);
  }

  @Override
  public PrintStream printf(@Nullable Locale locale, String format, @Nullable Object... arguments) {
    return format(locale, format, arguments);
  }

  @Override
  public PrintStream append(@Nullable CharSequence text) {
    text(String.valueOf(text));
    return this;
  }

  @Override
  public PrintStream append(@Nullable CharSequence text, int start, int end) {
    text(String.valueOf(text).subSequence(start, end).toString());
    return this;
  }

  @Override
  public PrintStream append(char value) {
    text(String.valueOf(value));
    return this;
  }
}
