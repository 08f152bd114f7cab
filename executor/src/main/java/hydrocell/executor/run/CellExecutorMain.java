package hydrocell.executor.run;

import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameListener;
import hydrocell.executor.ChildProperties;
import java.util.HexFormat;

/**
 * The process of one cell executor. It is told on its standard input what it needs, makes itself
 * warm, says that it is ready, and waits for the lease; see ARCHITECTURE.
 */
public final class CellExecutorMain {
  private CellExecutorMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    NativeStreams streams = NativeStreams.take();
    try {
      run(streams);
    } catch (Exception | LinkageError e) {
      // What the JVM itself would print of it goes to cells, and there is none.
      e.printStackTrace(streams.log());
      streams.log().flush();
      System.exit(1);
    }
  }

  private static void run(NativeStreams streams) throws Exception {
    ChildProperties told = ChildProperties.read(streams.input());
    OwnProcess.standBack();
    HostLine host = new HostLine(streams.output());
    CellExecutor executor =
        new CellExecutor(
            told.get("executorId"), HexFormat.of().parseHex(told.get("token")), host, streams);
    executor.start();
    FrameListener listener =
        FrameListener.start(new Endpoint(told.get("endpoint")), "executor", executor::serve);
    executor.warm();
    host.say("ready " + listener.endpoint());
    LeasePlace.follow(told, host, executor);
  }
}
