package hydrocell.kernel.debug;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A port on loopback at which the JVM of one executor is awaited. JDWP has no authentication: so it
 * is the kernel that listens, for as long as it waits, and the JVM never does.
 */
final class Listening implements AutoCloseable {
  private static final String CONNECTOR = "com.sun.jdi.SocketListen";
  private static final String LOOPBACK = "127.0.0.1";

  private final ListeningConnector connector;
  private final Map<String, Connector.Argument> arguments;
  private final String address;
  private final CompletableFuture<VirtualMachine> connected = new CompletableFuture<>();

  private Listening(ListeningConnector connector) throws IOException {
    this.connector = connector;
    this.arguments = connector.defaultArguments();
    Map.of("localAddress", LOOPBACK, "port", "0").forEach(this::set);
    try {
      String chosen = connector.startListening(arguments);
      address = LOOPBACK + chosen.substring(chosen.lastIndexOf(':'));
    } catch (IllegalConnectorArgumentsException e) {
      throw new IllegalStateException("the JDK's own connector refuses its arguments", e);
    }
  }

  private void set(String name, String value) {
    Connector.Argument argument = arguments.get(name);
    if (argument == null) {
      throw new IllegalStateException("the JDK's own connector has no argument " + name);
    }
    argument.setValue(value);
  }

  /** Begins to listen at a free port. */
  static Listening open() throws IOException {
    ListeningConnector connector =
        Bootstrap.virtualMachineManager().listeningConnectors().stream()
            .filter(each -> each.name().equals(CONNECTOR))
            .findFirst()
            .orElseThrow(() -> new IOException("this JDK has no debugger (module jdk.jdi)"));
    Listening listening = new Listening(connector);
    Thread.ofPlatform().daemon().name("debug-accept").start(listening::accept);
    return listening;
  }

  private void accept() {
    try {
      connected.complete(connector.accept(arguments));
    } catch (IOException | IllegalConnectorArgumentsException e) {
      connected.completeExceptionally(e);
    } finally {
      close();
    }
  }

  /** Where it listens, as {@code host:port}. */
  String address() {
    return address;
  }

  /** The JVM that connected. */
  VirtualMachine machine(long limitMs) throws IOException {
    try {
      return connected.get(limitMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the executor did not connect to its debugger", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the kernel is stopping", e);
    }
  }

  /** Listens no longer; a JVM that has connected stays. */
  @Override
  public void close() {
    try {
      connector.stopListening(arguments);
    } catch (IOException | IllegalConnectorArgumentsException e) {
      // It does not listen any more, which is what was wanted.
      connected.completeExceptionally(e);
    }
  }
}
