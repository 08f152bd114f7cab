package hydrocell.executor;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the executor host tells a child process: lines {@code key=value} on the child's standard
 * input, ended by an empty line. The input stays open as long as the host lives.
 */
public final class ChildProperties {
  /** What a line for the host starts with; anything else is for the log. */
  public static final char MARK = '\u0001';

  /** Property of a block that asks an executor to end unless it has a cell. */
  public static final String RETIRE = "retire";

  /** Gives an executor a fresh token for the storage node. */
  public static final String ANNA_TOKEN = "annaToken";

  /** The most processes and threads, of who has a user namespace of its own. */
  public static final String PROCESSES = "processes";

  /** Exit status of an executor in which a thread of its own died. */
  public static final int BROKEN_STATUS = 70;

  private static final long EXIT_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);

  private final Map<String, String> properties;
  private final BufferedReader input;

  private ChildProperties(Map<String, String> properties, BufferedReader input) {
    this.properties = properties;
    this.input = input;
  }

  /** Reads the properties; blocks until the empty line. */
  public static ChildProperties read(InputStream from) throws IOException {
    BufferedReader input = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8));
    Map<String, String> properties = readBlock(input);
    return new ChildProperties(properties == null ? Map.of() : properties, input);
  }

  private static @Nullable Map<String, String> readBlock(BufferedReader input) throws IOException {
    Map<String, String> properties = new LinkedHashMap<>();
    String line = input.readLine();
    for (; line != null && !line.isEmpty(); line = input.readLine()) {
      int equals = line.indexOf('=');
      if (equals > 0) {
        properties.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return line == null ? null : properties;
  }

  /** Waits for what the host says later, in the same form; null once the host is gone. */
  public @Nullable Map<String, String> next() {
    try {
      return readBlock(input);
    } catch (IOException e) {
      // A broken pipe says the same as its end.
      return null;
    }
  }

  /** A value that may hold line breaks, as one line. */
  public static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
  }

  /** What {@link #escape} was given. */
  public static String unescape(String line) {
    StringBuilder value = new StringBuilder(line.length());
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == '\\' && i + 1 < line.length()) {
        i++;
        char escaped = line.charAt(i);
        value.append(escaped == 'n' ? '\n' : escaped == 'r' ? '\r' : escaped);
      } else {
        value.append(c);
      }
    }
    return value.toString();
  }

  /** The lines that {@link #read} reads. */
  public static String lines(Map<String, String> properties) {
    StringBuilder lines = new StringBuilder();
    properties.forEach((key, value) -> lines.append(key).append('=').append(value).append('\n'));
    return lines.append('\n').toString();
  }

  /** A property that must be there. */
  public String get(String key) {
    String value = properties.get(key);
    if (value == null) {
      throw new IllegalArgumentException(
          "the executor host did not say '" + key + "': this program is started by it alone");
    }
    return value;
  }

  /** Waits for the end of the input, which means that the host is gone, and ends the process. */
  public void exitAtEnd() {
    try {
      int last = input.read();
      while (last >= 0) {
        last = input.read();
      }
    } catch (IOException e) {
      // A broken pipe says the same as its end.
      exit();
    }
    exit();
  }

  /** Ends this process in good order, or, where a shutdown hook does not let it, soon after. */
  public static void exit() {
    Thread.ofPlatform()
        .daemon()
        .name("halt")
        .start(() -> {
          LockSupport.parkNanos(EXIT_LIMIT_NS);
          Runtime.getRuntime().halt(0);
        });
    System.exit(0);
  }
}
