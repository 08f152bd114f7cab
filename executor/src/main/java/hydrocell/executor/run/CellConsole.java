package hydrocell.executor.run;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code System.console()} for cells: prompts appear at the notebook's input, passwords unseen.
 * {@link Console} is sealed, so this is the JDK's own subclass around a delegate of ours; where a
 * JDK has none, there is no console.
 */
final class CellConsole {
  private static final Logger LOG = LoggerFactory.getLogger(CellConsole.class);
  private static @Nullable Console console;
  private static boolean tried;

  private CellConsole() {}

  /** The console of this process; null where it cannot be made. */
  static synchronized @Nullable Console of(CellThreads threads) {
    if (!tried) {
      tried = true;
      try {
        console = make(threads);
      } catch (ReflectiveOperationException | RuntimeException e) {
        LOG.info("this JDK has no console that can be redirected: {}", e.toString());
      }
    }
    return console;
  }

  private static Console make(CellThreads threads) throws ReflectiveOperationException {
    Class<?> delegate = Class.forName("jdk.internal.io.JdkConsole");
    Object ours =
        Proxy.newProxyInstance(
            delegate.getClassLoader(),
            new Class<?>[] {delegate},
            (proxy, method, arguments) -> answer(threads, method, arguments));
    Constructor<?> constructor =
        Class.forName("java.io.ProxyingConsole").getDeclaredConstructor(delegate);
    constructor.setAccessible(true);
    return (Console) constructor.newInstance(ours);
  }

  private static @Nullable Object answer(
      CellThreads threads, Method method, @Nullable Object @Nullable [] arguments)
      throws IOException {
    return switch (method.getName()) {
      case "writer" -> new PrintWriter(System.out, true, charset());
      case "reader" -> new BufferedReader(new InputStreamReader(System.in, charset()));
      case "readLine" -> ask(threads, prompt(arguments), false);
      case "readln" -> ask(threads, arguments == null ? "" : String.valueOf(arguments[0]), false);
      case "readPassword" -> {
        String line = ask(threads, prompt(arguments), true);
        yield line == null ? null : line.toCharArray();
      }
      case "format" -> {
        System.out.print(prompt(arguments));
        yield null;
      }
      case "print" -> {
        System.out.print(arguments == null ? "" : arguments[0]);
        yield null;
      }
      case "println" -> {
        System.out.println(arguments == null ? "" : arguments[0]);
        yield null;
      }
      case "charset" -> charset();
      case "hashCode" -> System.identityHashCode(CellConsole.class);
      case "equals" -> false;
      case "toString" -> "the notebook's console";
      default -> null;
    };
  }

  private static Charset charset() {
    return StandardCharsets.UTF_8;
  }

  /** Arguments are (locale, format, values), each of them optional at the front. */
  private static String prompt(@Nullable Object @Nullable [] arguments) {
    if (arguments == null || arguments.length == 0) {
      return "";
    }
    int at = arguments[0] instanceof Locale ? 1 : 0;
    Locale locale = at == 1 ? (Locale) arguments[0] : Locale.getDefault();
    if (at >= arguments.length) {
      return "";
    }
    Object values = at + 1 < arguments.length ? arguments[at + 1] : null;
    return String.format(
        locale, String.valueOf(arguments[at]), values instanceof Object[] array ? array : null);
  }

  private static @Nullable String ask(CellThreads threads, String prompt, boolean password)
      throws IOException {
    CellRun run = threads.current();
    if (run == null) {
      return null;
    }
    Gate gate = run.gate();
    gate.shut();
    try {
      return run.stdin().readLine(prompt, password);
    } finally {
      gate.open();
    }
  }
}
