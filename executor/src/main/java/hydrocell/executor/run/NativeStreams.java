package hydrocell.executor.run;

import com.sun.jna.Function;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Constructor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The three streams of the process itself, which native code and child processes that inherit them
 * use. What the host gave us is kept under other numbers; in its place stand an empty input, so
 * that nobody reads what the host says, and two pipes, whose other ends are read here and shown in
 * the cell that runs. On Windows, or where the system refuses, all stays as it is. Thread-safe.
 */
final class NativeStreams {
  private static final Logger LOG = LoggerFactory.getLogger(NativeStreams.class);
  private static final int INPUT = 0;
  private static final int OUTPUT = 1;
  private static final int ERROR = 2;
  private static final int CLOSE_ON_EXEC = 02000000;
  private static final int LINE_BUFFERED = 1;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int POLLED_BYTES = 8;
  private static final short READABLE = 1;

  private final InputStream input;
  private final PrintStream output;
  private final PrintStream log;
  private final List<Pipe> pipes;
  private final @Nullable Pointer nativeOutput;
  private final ReentrantLock turn = new ReentrantLock();
  private final byte[] buffer = new byte[BUFFER_BYTES];

  /** Takes what a stream of the process's was written. */
  interface Reader {
    /** Some bytes, which are the caller's again afterwards. */
    void take(CellOutput.Channel channel, byte[] bytes, int length);
  }

  private record Pipe(CellOutput.Channel channel, int end, FileInputStream in) {}

  private NativeStreams(
      InputStream input,
      PrintStream output,
      PrintStream log,
      List<Pipe> pipes,
      @Nullable Pointer nativeOutput) {
    this.input = input;
    this.output = output;
    this.log = log;
    this.pipes = pipes;
    this.nativeOutput = nativeOutput;
  }

  /** Takes the streams over; once, before anything is read or written. */
  static NativeStreams take() {
    NativeStreams as = asTheyAre();
    if (Platform.isWindows()) {
      return as;
    }
    try {
      return redirected();
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      LOG.warn("what native code writes is in this log, not in cells", e);
      return as;
    }
  }

  private static NativeStreams asTheyAre() {
    return new NativeStreams(
        System.in, printer(FileDescriptor.out), printer(FileDescriptor.err), List.of(), null);
  }

  private static NativeStreams redirected() throws IOException, ReflectiveOperationException {
    int in = moved(INPUT);
    int out = moved(OUTPUT);
    int err = moved(ERROR);
    int nothing = call("open", "/dev/null", 0);
    call("dup2", nothing, INPUT);
    call("close", nothing);
    return new NativeStreams(
        new FileInputStream(descriptor(in)),
        printer(descriptor(out)),
        printer(descriptor(err)),
        List.of(pipe(CellOutput.Channel.OUT, OUTPUT), pipe(CellOutput.Channel.ERR, ERROR)),
        lineBuffered());
  }

  /** A stream of the process's under a number of its own, which no child inherits. */
  private static int moved(int stream) throws IOException {
    int copy = call("dup", stream);
    if (Platform.isLinux()) {
      call("dup3", stream, copy, CLOSE_ON_EXEC);
    }
    return copy;
  }

  private static Pipe pipe(CellOutput.Channel channel, int stream)
      throws IOException, ReflectiveOperationException {
    try (Memory ends = new Memory(2 * Integer.BYTES)) {
      if (Platform.isLinux()) {
        call("pipe2", ends, CLOSE_ON_EXEC);
      } else {
        call("pipe", ends);
      }
      int read = ends.getInt(0);
      int write = ends.getInt(Integer.BYTES);
      call("dup2", write, stream);
      call("close", write);
      return new Pipe(channel, read, new FileInputStream(descriptor(read)));
    }
  }

  /** C's own buffer, which for a pipe would be kept until it is full. */
  private static @Nullable Pointer lineBuffered() {
    try {
      Pointer stdout =
          NativeLibrary.getProcess()
              .getGlobalVariableAddress(Platform.isMac() ? "__stdoutp" : "stdout")
              .getPointer(0);
      function("setvbuf").invokeInt(new Object[] {stdout, Pointer.NULL, LINE_BUFFERED, 0L});
      return stdout;
    } catch (UnsatisfiedLinkError e) {
      LOG.info("C's buffer cannot be found: {}", e.getMessage());
      return null;
    }
  }

  private static PrintStream printer(FileDescriptor to) {
    return new PrintStream(new FileOutputStream(to), false, StandardCharsets.UTF_8);
  }

  private static FileDescriptor descriptor(int number) throws ReflectiveOperationException {
    Constructor<FileDescriptor> constructor =
        FileDescriptor.class.getDeclaredConstructor(int.class);
    constructor.setAccessible(true);
    return constructor.newInstance(number);
  }

  private static Function function(String name) {
    return NativeLibrary.getProcess().getFunction(name);
  }

  private static int call(String name, Object... arguments) throws IOException {
    int result = function(name).invokeInt(arguments);
    if (result < 0) {
      throw new IOException("the system refuses " + name);
    }
    return result;
  }

  /** What the host says. */
  InputStream input() {
    return input;
  }

  /** Where the host listens. */
  PrintStream output() {
    return output;
  }

  /** This process's log. */
  PrintStream log() {
    return log;
  }

  /** Gives to {@code reader} what is written from now on, on a thread of its own. */
  void start(Reader reader) {
    if (!pipes.isEmpty()) {
      new CellThreads.OwnThread(() -> follow(reader), "native output").start();
    }
  }

  private void follow(Reader reader) {
    try (Memory polled = new Memory((long) POLLED_BYTES * pipes.size())) {
      for (int i = 0; i < pipes.size(); i++) {
        polled.setInt((long) i * POLLED_BYTES, pipes.get(i).end);
        polled.setShort((long) i * POLLED_BYTES + Integer.BYTES, READABLE);
      }
      Function poll = function("poll");
      while (true) {
        poll.invokeInt(new Object[] {polled, pipes.size(), -1});
        for (int i = 0; i < pipes.size(); i++) {
          long at = (long) i * POLLED_BYTES;
          short seen = polled.getShort(at + Integer.BYTES + Short.BYTES);
          if (seen != 0 && read(pipes.get(i), reader) == 0 && (seen & READABLE) == 0) {
            // Its other end was closed, by the cell's native code: there is nothing to come.
            polled.setInt(at, -1);
          }
        }
      }
    }
  }

  /** Hands over what is there now; what is written meanwhile is left to the next call. */
  void drain(Reader reader) {
    if (nativeOutput != null) {
      function("fflush").invokeInt(new Object[] {nativeOutput});
    }
    for (Pipe pipe : pipes) {
      read(pipe, reader);
    }
  }

  private long read(Pipe pipe, Reader reader) {
    turn.lock();
    try {
      int there = pipe.in.available();
      int left = there;
      while (left > 0) {
        int count = pipe.in.read(buffer, 0, Math.min(left, buffer.length));
        if (count <= 0) {
          break;
        }
        reader.take(pipe.channel, buffer, count);
        left -= count;
      }
      return there;
    } catch (IOException e) {
      LOG.warn("what native code writes cannot be read", e);
      return 0;
    } finally {
      turn.unlock();
    }
  }
}
