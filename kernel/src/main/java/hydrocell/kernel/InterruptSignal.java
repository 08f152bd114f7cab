package hydrocell.kernel;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGINT as a call. The JDK's class for it is supported but no part of Java SE, so a runtime may
 * lack it: then the signal ends the process, as it does by default.
 */
final class InterruptSignal {
  private static final Logger LOG = LoggerFactory.getLogger(InterruptSignal.class);

  private InterruptSignal() {}

  /** From now on the signal calls this, on a thread of the JVM's, instead of ending the process. */
  static void handle(Runnable onSignal) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object calls =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      onSignal.run();
                      yield null;
                    }
                    case "equals" -> arguments != null && proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "interrupts the cell";
                  });
      signal
          .getMethod("handle", signal, handler)
          .invoke(null, signal.getConstructor(String.class).newInstance("INT"), calls);
    } catch (ReflectiveOperationException e) {
      LOG.warn("SIGINT does not interrupt cells on this runtime: {}", e.toString());
    }
  }
}
