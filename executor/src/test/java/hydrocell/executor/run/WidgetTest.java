package hydrocell.executor.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.Endpoint;
import hydrocell.api.Json;
import hydrocell.cell.CellOutcome;
import hydrocell.cell.message.CommMessage;
import hydrocell.cell.message.FromExecutor;
import hydrocell.storage.StorageConfig;
import hydrocell.storage.StorageNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Widgets as a page sees them, in executor processes. */
final class WidgetTest {
  private static final byte[] SECRET = {7};

  @TempDir Path folder;
  private StorageNode anna;
  private ExecutorProcess executor;
  private TestNotebook notebook;
  private int executors;

  @BeforeEach
  void start() throws Exception {
    anna =
        StorageNode.start(
            StorageConfig.local(
                folder.resolve("anna"), Endpoint.unix(folder.resolve("a.sock")), SECRET));
    notebook = new TestNotebook("s1", anna.endpoint(), SECRET);
    notebook.answersNames = true;
    freshExecutor();
    notebook.run("import hydrocell.api.widgets.*;");
  }

  @AfterEach
  void stop() throws Exception {
    notebook.close();
    executor.close();
    anna.close();
  }

  private void freshExecutor() throws Exception {
    if (executor != null) {
      notebook.disconnect();
      executor.close();
    }
    executor = new ExecutorProcess(folder, "x" + ++executors, "-Xmx192m");
    notebook.attach(executor.endpoint, ExecutorProcess.TOKEN);
  }

  private static List<CommMessage> said(TestNotebook.Ran ran) {
    assertInstanceOf(CellOutcome.Returned.class, ran.outcome(), ran::toString);
    return ran.heard().stream()
        .filter(FromExecutor.Comm.class::isInstance)
        .map(m -> ((FromExecutor.Comm) m).message())
        .toList();
  }

  private static Map<?, ?> data(CommMessage message) {
    return assertInstanceOf(Map.class, Json.parse(message.data()));
  }

  private static Map<?, ?> state(CommMessage message) {
    return assertInstanceOf(Map.class, data(message).get("state"));
  }

  private List<CommMessage> page(String id, String data) throws Exception {
    return said(
        notebook.take(new CommMessage(CommMessage.Kind.MESSAGE, id, "", data, "{}", List.of())));
  }

  private List<CommMessage> update(String id, String state) throws Exception {
    return page(id, "{\"method\":\"update\",\"state\":" + state + ",\"buffer_paths\":[]}");
  }

  @Test
  void aWidgetComesToLifeWhenItIsShown() throws Exception {
    assertEquals(List.of(), said(notebook.run("var slider = new IntSlider(3, 0, 10);")));
    TestNotebook.Ran ran = notebook.run("slider.description(\"speed\")");
    CommMessage opened = said(ran).getFirst();
    assertEquals("jupyter.widget", opened.target());
    assertEquals("{\"version\":\"2.1.0\"}", opened.metadata());
    assertEquals("IntSliderModel", state(opened).get("_model_name"));
    assertEquals("speed", state(opened).get("description"));
    assertEquals(3L, state(opened).get("value"));
    CellOutcome.Returned done = assertInstanceOf(CellOutcome.Returned.class, ran.outcome());
    String view = done.result().data().get("application/vnd.jupyter.widget-view+json");
    assertTrue(view.contains(opened.commId()), view);
  }

  @Test
  void aValueFromThePageReachesCallbackAndCellsInAnyExecutor() throws Exception {
    String id =
        said(notebook.run(
                "int last = 0; var slider = new IntSlider(0, 10); slider.onChange(v -> last = v); slider"))
            .getFirst()
            .commId();
    freshExecutor();
    List<CommMessage> answers = update(id, "{\"value\":7}");
    assertEquals("echo_update", data(answers.getFirst()).get("method"));
    freshExecutor();
    assertEquals("7 7", notebook.run("last + \" \" + slider.value()").result());
  }

  @Test
  void whatThePageMaySetIsOnlyEchoed() throws Exception {
    // A correction would pull a slider that is moved on meanwhile back to where it was.
    for (String[] each :
        new String[][] {
          {"new IntSlider(0, 10)", "{\"value\":7}"},
          {"new FloatSlider(0.5, 0, 9)", "{\"value\":7}"},
          {"new FloatSlider(0.5, 0, 9)", "{\"value\":7.25}"},
          {"new Checkbox(\"agree\", true)", "{\"value\":false}"},
          {"new Text(\"a\")", "{\"value\":\"b\"}"},
          {"new Dropdown<>(\"red\", \"green\")", "{\"index\":1}"}
        }) {
      String id = said(notebook.run("var w = " + each[0] + "; w")).getFirst().commId();
      List<String> methods = new ArrayList<>();
      update(id, each[1]).forEach(answer -> methods.add(data(answer).get("method").toString()));
      assertEquals(List.of("echo_update"), methods, each[0] + each[1]);
    }
  }

  @Test
  void whatThePageMayNotSetIsCorrected() throws Exception {
    String id = said(notebook.run("var s = new IntSlider(0, 10); s")).getFirst().commId();
    List<CommMessage> answers = update(id, "{\"value\":99}");
    assertEquals(10L, state(answers.getLast()).get("value"));
    update(id, "{\"value\":\"text\",\"_model_name\":\"Other\",\"unknown\":1}");
    assertEquals("10", notebook.run("s.value()").result());
  }

  @Test
  void aPressCallsAndWhatItSetsIsTold() throws Exception {
    List<CommMessage> opened =
        said(
            notebook.run(
                "var label = new Label(\"0\"); int n = 0; var button = new Button(\"more\").onClick(b -> label.value(\"\" + ++n)); new VBox(button, label)"));
    assertEquals(3, opened.size());
    CommMessage box = opened.getLast();
    assertEquals(
        List.of("IPY_MODEL_" + opened.get(0).commId(), "IPY_MODEL_" + opened.get(1).commId()),
        state(box).get("children"));
    List<CommMessage> answers =
        page(
            opened.getFirst().commId(),
            "{\"method\":\"custom\",\"content\":{\"event\":\"click\"}}");
    assertEquals("1", state(answers.getFirst()).get("value"));
    assertEquals(opened.get(1).commId(), answers.getFirst().commId());
    assertEquals("1", notebook.run("n").result());
  }

  @Test
  void aChoiceIsOneOfItsOptions() throws Exception {
    String id = said(notebook.run("var d = new Dropdown<>(\"a\", \"b\"); d")).getFirst().commId();
    update(id, "{\"index\":1}");
    assertEquals("b", notebook.run("d.value()").result());
    update(id, "{\"index\":5}");
    assertEquals("b", notebook.run("d.value()").result());
  }

  @Test
  void aPictureTravelsAsBytes() throws Exception {
    CommMessage opened =
        said(notebook.run(
                "new hydrocell.api.widgets.Image(new java.awt.image.BufferedImage(4, 3, 1))"))
            .getLast();
    assertEquals("ImageModel", state(opened).get("_model_name"));
    assertEquals(List.of(List.of("value")), data(opened).get("buffer_paths"));
    assertEquals('P', opened.buffers().getFirst()[1]);
  }

  @Test
  void anInteractionShowsItsResultInItsOutput() throws Exception {
    TestNotebook.Ran ran = notebook.run("var s = new IntSlider(2, 0, 9); s.interact(v -> v * v)");
    CommMessage captured =
        said(ran).stream().filter(m -> m.data().contains("msg_id\":\"request")).findFirst().get();
    String slider =
        said(ran).stream()
            .filter(m -> m.data().contains("IntSliderModel"))
            .findFirst()
            .get()
            .commId();
    assertEquals(CommMessage.Kind.MESSAGE, captured.kind());
    TestNotebook.Ran moved =
        notebook.take(
            new CommMessage(
                CommMessage.Kind.MESSAGE,
                slider,
                "",
                "{\"method\":\"update\",\"state\":{\"value\":3}}",
                "{}",
                List.of()));
    String shown =
        moved.heard().stream()
            .filter(FromExecutor.Display.class::isInstance)
            .map(m -> ((FromExecutor.Display) m).bundle().data().get("text/plain"))
            .findFirst()
            .get();
    assertEquals("9", shown);
  }

  @Test
  void aPageThatComesIsToldAllWidgets() throws Exception {
    List<CommMessage> opened =
        said(notebook.run("display(new Text(\"one\")); new Checkbox(\"two\", true)"));
    freshExecutor();
    CommMessage answer =
        said(notebook.take(
                new CommMessage(
                    CommMessage.Kind.MESSAGE,
                    "control",
                    "jupyter.widget.control",
                    "{\"method\":\"request_states\"}",
                    "{}",
                    List.of())))
            .getFirst();
    assertEquals("update_states", data(answer).get("method"));
    Map<?, ?> states = assertInstanceOf(Map.class, data(answer).get("states"));
    assertEquals(2, states.size());
    Map<?, ?> text = assertInstanceOf(Map.class, states.get(opened.getFirst().commId()));
    assertEquals("TextModel", text.get("model_name"));
  }

  @Test
  void openWidgetsAreBoundedAndCanAllBeClosed() throws Exception {
    notebook.run(
        "var kept = new Label(\"kept\"); kept.modelId();"
            + " for (int i = 0; i < 998; i++) { Comm.open(\"other\", null); }");
    assertEquals(999, open().size());
    notebook.run("Comm.open(\"other\", null);");

    CellOutcome.Threw refused =
        assertInstanceOf(
            CellOutcome.Threw.class, notebook.run("Comm.open(\"other\", null);").outcome());
    assertTrue(refused.error().message().contains("1,000 open comms"), refused::toString);
    freshExecutor();
    notebook.run("Widget.closeAll();");
    assertEquals(999, open().size());
    assertEquals("1", notebook.run("Comm.open(\"other\", null); 1").result());
  }

  private List<?> open() {
    return notebook.manifest.find(List.of(hydrocell.cell.Name.kept("comm/*")));
  }
}
