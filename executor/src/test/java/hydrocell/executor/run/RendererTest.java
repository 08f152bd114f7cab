package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.message.CompileRequest;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Renderers of cells, of other kernels' notebooks and of libraries, in real executor processes. */
final class RendererTest {
  private static final byte[] SECRET = {7};

  @TempDir static Path folder;
  private static StorageNode anna;
  private static ExecutorProcess executor;
  private static TestNotebook notebook;

  @BeforeAll
  static void start() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), SECRET));
    executor = new ExecutorProcess(folder, "x");
    notebook = new TestNotebook("s1", anna.endpoint(), SECRET);
    notebook.attach(executor.endpoint, ExecutorProcess.TOKEN);
  }

  @AfterAll
  static void stop() throws Exception {
    notebook.close();
    executor.close();
    anna.close();
  }

  private static MimeBundle result(TestNotebook in, String source) throws Exception {
    CellOutcome.Returned returned =
        assertInstanceOf(CellOutcome.Returned.class, in.run(source).outcome(), source);
    return assertNotNullResult(returned.result(), source);
  }

  private static MimeBundle assertNotNullResult(MimeBundle result, String source) {
    assertNotNull(result, source);
    return result;
  }

  private static String html(String source) throws Exception {
    return result(notebook, source).data().get("text/html");
  }

  @Test
  void aCellSaysHowItsTypeIsShownAndTheNotebookKeepsIt() throws Exception {
    notebook.run("record Point(int x) {}");
    notebook.run("String around = \"b\";");
    String register =
        "renderer(Point.class, p -> p.x() < 0 ? null : html(\"<\" + around + \">\" + p.x()));";
    notebook.run(register);
    assertEquals("<b>3", html("new Point(3)"));
    assertEquals("<b>4", html("Optional.of(new Point(4))"));
    assertFalse(String.valueOf(html("new Point(-1)")).contains("<b>"));
    notebook.run("record Point(int x, int y) {}");
    assertFalse(String.valueOf(html("new Point(5, 6)")).contains("<b>"));
    notebook.run(register);
    assertEquals("<b>5", html("new Point(5, 6)"));
    notebook.run("around = \"i\";");
    try (ExecutorProcess other = new ExecutorProcess(folder, "y");
        TestNotebook again = new TestNotebook("s1", anna.endpoint(), SECRET)) {
      again.attach(other.endpoint, ExecutorProcess.TOKEN);
      assertEquals("<i>7", result(again, "new Point(7, 8)").data().get("text/html"));
    }
  }

  @Test
  void theNearestClassOrInterfaceCounts() throws Exception {
    notebook.run(
        """
        interface Shape {} class Round implements Shape {} class Ball extends Round {}
        renderer(Shape.class, s -> html("shape"));
        """);
    assertEquals("shape", html("new Ball()"));
    notebook.run("renderer(Round.class, r -> html(\"round\"));");
    assertEquals("round", html("new Ball()"));
    assertEquals("shape", html("new Shape() {}"));
  }

  @Test
  void aRendererThatShowsItsOwnValueEndsAsText() throws Exception {
    notebook.run("class Self { public String toString() { return \"self\"; } }");
    notebook.run("renderer(Self.class, s -> s);");
    assertEquals("self", result(notebook, "new Self()").data().get("text/plain"));
  }

  @Test
  void notebooksOfIJavaRegisterAsTheyDoThere() throws Exception {
    notebook.run(
        """
        import io.github.spencerpark.ijava.IJava;

        IJava.getKernelInstance().getRenderer()
            .createRegistration(int[][].class)
            .preferring(io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_HTML)
            .register((array, ctx) -> {
              ctx.renderIfRequested(io.github.spencerpark.jupyter.kernel.display.mime.MIMEType.TEXT_HTML, () -> {
                StringBuilder html = new StringBuilder();
                html.append("<i>").append(array.length);
                return html.toString();
              });
            });
        """);
    assertEquals("<i>2", html("new int[][] {{1}, {2}}"));
    notebook.run(
        """
        import io.github.spencerpark.jupyter.kernel.magic.common.Shell;
        IJava.getKernelInstance().getMagics().registerMagics(Shell.class);
        """);
  }

  @Test
  void notebooksOfJJavaRegisterAsTheyDoThere() throws Exception {
    notebook.run("class Both {}");
    notebook.run(
        """
        import org.dflib.jjava.JJava;
        import org.dflib.jjava.jupyter.kernel.display.*;
        import org.dflib.jjava.jupyter.kernel.display.mime.MIMEType;
        import static org.dflib.jjava.runtime.Display.*;
        RenderFunction<Both> how = (both, context) -> {
          context.renderIfRequested(MIMEType.TEXT_MARKDOWN, () -> "**both**");
          context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<b>both</b>");
        };
        JJava.getKernelInstance().getRenderer()
            .createRegistration(Both.class)
            .preferring(MIMEType.TEXT_MARKDOWN)
            .supporting(MIMEType.TEXT_HTML)
            .register(how);
        """);
    MimeBundle usual = result(notebook, "new Both()");
    assertEquals("**both**", usual.data().get("text/markdown"));
    assertFalse(usual.data().containsKey("text/html"));
    assertEquals("<b>both</b>", html("render(new Both(), \"text/html\")"));
    assertEquals(
        "true",
        notebook
            .run("getKernelInstance().getRenderer().render(3).hasDataForType(MIMEType.TEXT_PLAIN)")
            .result());
  }

  @Test
  void whatCannotBeDoneSaysWhatToUse() throws Exception {
    for (List<String> each :
        List.of(
            List.of("eval(\"1 + 1\")", "nextCell(code)"),
            List.of("lineMagic(\"maven\", List.of(\"a:b:1\"));", "%maven a:b:1"),
            List.of(
                "IJava.getKernelInstance().getMagics().registerLineMagic(\"x\", args -> null);",
                "@LineMagic"))) {
      String imported =
          each.get(0).startsWith("IJava") ? "import io.github.spencerpark.ijava.IJava; " : "";
      CellOutcome outcome = notebook.run(imported + each.get(0)).outcome();
      String message = assertInstanceOf(CellOutcome.Threw.class, outcome).error().message();
      assertTrue(message.contains(each.get(1)), message);
    }
  }

  @Test
  void aLibraryBringsRenderersForItsTypes() throws Exception {
    Path jar = library(folder.resolve("lib"));
    try (ExecutorProcess own = new ExecutorProcess(folder, "z");
        TestNotebook user = new TestNotebook("s2", anna.endpoint(), SECRET)) {
      user.attach(own.endpoint, ExecutorProcess.TOKEN);
      user.run("1 + 1");
      user.classPath = List.of(new CompileRequest.Library(jar.toString(), "1"));
      assertEquals("<u>4", result(user, "new lib.Thing(4)").data().get("text/html"));
      user.run("renderer(lib.Thing.class, t -> html(\"mine\"));");
      assertEquals("mine", result(user, "new lib.Thing(4)").data().get("text/html"));
    }
  }

  private static Path library(Path at) throws Exception {
    Path source = Files.createDirectories(at.resolve("lib")).resolve("Thing.java");
    Files.writeString(
        source,
        """
        package lib;
        import hydrocell.api.*;
        public class Thing {
          public final int n;
          public Thing(int n) { this.n = n; }
          public static class Shows implements RendererProvider {
            public java.util.Map<Class<?>, Renderer<?>> renderers() {
              Renderer<Thing> how = thing -> Hydrocell.html("<u>" + thing.n);
              return java.util.Map.of(Thing.class, how);
            }
          }
        }
        """);
    assertEquals(
        0,
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-cp",
                System.getProperty("java.class.path"),
                "-proc:none",
                "-d",
                at.toString(),
                source.toString()));
    Path jar = at.resolve("thing.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : List.of("lib/Thing.class", "lib/Thing$Shows.class")) {
        out.putNextEntry(new JarEntry(name));
        out.write(Files.readAllBytes(at.resolve(name)));
      }
      out.putNextEntry(new JarEntry("META-INF/services/hydrocell.api.RendererProvider"));
      out.write("lib.Thing$Shows".getBytes());
    }
    return jar;
  }
}
