package hydrocell.executor;

import com.sun.jdi.Bootstrap;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.ListeningConnector;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A debugger that waits for one JVM, as a kernel's does. */
final class TestDebugger implements AutoCloseable {
  private static final long PATIENCE_S = 120;

  private final ListeningConnector connector =
      Bootstrap.virtualMachineManager().listeningConnectors().stream()
          .filter(each -> each.name().equals("com.sun.jdi.SocketListen"))
          .findFirst()
          .orElseThrow();
  private final Map<String, Connector.Argument> arguments = connector.defaultArguments();
  private final String address;
  private boolean closed;
  private CompletableFuture<VirtualMachine> connected = new CompletableFuture<>();

  TestDebugger() throws Exception {
    arguments.get("localAddress").setValue("127.0.0.1");
    arguments.get("port").setValue("0");
    address = connector.startListening(arguments);
  }

  String address() {
    return address;
  }

  /** Begins to wait, on a thread of its own: ends of processes are told on the common pool. */
  void accept() {
    CompletableFuture<VirtualMachine> waiting = new CompletableFuture<>();
    connected = waiting;
    Thread.ofPlatform()
        .daemon()
        .name("accept")
        .start(() -> {
          try {
            waiting.complete(connector.accept(arguments));
          } catch (Exception e) {
            waiting.completeExceptionally(e);
          }
        });
  }

  VirtualMachine machine() throws Exception {
    return connected.get(PATIENCE_S, TimeUnit.SECONDS);
  }

  /** Nobody listens at its address any more. */
  void stopListening() throws Exception {
    connector.stopListening(arguments);
  }

  /** Lets its JVM go on without it. */
  @Override
  public void close() throws Exception {
    if (connected.isDone() && !closed) {
      closed = true;
      machine().dispose();
    }
  }
}
