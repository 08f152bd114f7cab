package hydrocell.executor.corpus;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Standard output by the thread that runs a cell, and by those that it starts. */
final class CapturedOutput {
  private static final PrintStream BEFORE = System.out;
  private static final InheritableThreadLocal<ByteArrayOutputStream> MINE =
      new InheritableThreadLocal<>();

  private CapturedOutput() {}

  /** Redirects the process's output. */
  static void install() {
    System.setOut(
        new PrintStream(
            new OutputStream() {
              @Override
              public void write(int b) {
                write(new byte[] {(byte) b}, 0, 1);
              }

              @Override
              public void write(byte[] bytes, int offset, int length) {
                ByteArrayOutputStream mine = MINE.get();
                if (mine == null) {
                  BEFORE.write(bytes, offset, length);
                } else {
                  mine.write(bytes, offset, length);
                }
              }
            },
            true,
            StandardCharsets.UTF_8));
  }

  /** This thread begins to run a cell. */
  static void begin() {
    MINE.set(new ByteArrayOutputStream());
  }

  /** What was printed since. */
  static String end() {
    ByteArrayOutputStream mine = MINE.get();
    MINE.remove();
    return mine.toString(StandardCharsets.UTF_8);
  }
}
