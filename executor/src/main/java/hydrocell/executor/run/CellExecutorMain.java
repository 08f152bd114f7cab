package hydrocell.executor.run;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameListener;
import hydrocell.executor.ChildProperties;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * The process of one cell executor. It is told on its standard input what it needs, makes itself
 * warm, says that it is ready, and waits for the lease; see ARCHITECTURE.
 */
public final class CellExecutorMain {
  private CellExecutorMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    ChildProperties told = ChildProperties.read(System.in);
    OwnProcess.standBack();
    PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    PrintStream log = System.err;
    HostLine host = new HostLine(out);
    CellExecutor executor =
        new CellExecutor(told.get("executorId"), HexFormat.of().parseHex(told.get("token")), host);
    executor.start(log);
    FrameListener listener =
        FrameListener.start(new Endpoint(told.get("endpoint")), "executor", executor::serve);
    executor.warm();
    host.say("ready " + listener.endpoint());
    LeasePlace.follow(told, host, executor);
  }
}
