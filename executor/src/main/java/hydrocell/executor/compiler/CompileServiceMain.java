package hydrocell.executor.compiler;

import hydrocell.anna.NodeClient;
import hydrocell.anna.wire.Endpoint;
import hydrocell.anna.wire.FrameListener;
import hydrocell.api.CellRuntime;
import hydrocell.executor.ChildProperties;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The compile service's process. It is told on its standard input what it needs; see ARCHITECTURE.
 */
public final class CompileServiceMain {
  private CompileServiceMain() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws Exception {
    ChildProperties told = ChildProperties.read(System.in);
    byte[] token = HexFormat.of().parseHex(told.get("token"));
    NodeClient anna =
        NodeClient.connect(
            new Endpoint(told.get("anna")),
            "compile service",
            HexFormat.of().parseHex(told.get("annaToken")));
    Path api =
        Path.of(CellRuntime.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    boolean processing = Boolean.parseBoolean(told.get("processing"));
    CompileService service = new CompileService(api, anna, token, processing);
    service.tell(line -> System.out.println(ChildProperties.MARK + line));
    FrameListener listener =
        FrameListener.start(new Endpoint(told.get("endpoint")), "compile", service::serve);
    System.out.println("ready " + listener.endpoint());
    Thread.ofPlatform()
        .daemon()
        .name("warm")
        .start(processing ? service::endWhenIdle : service::warm);
    told.exitAtEnd();
  }
}
