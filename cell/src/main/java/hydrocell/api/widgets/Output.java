package hydrocell.api.widgets;

import hydrocell.api.CellRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A place on the page for output: what is printed and shown while it captures stands there. */
public final class Output extends DomWidget<Output> {
  private static final long serialVersionUID = 1L;
  private static final int MAX_OUTPUTS = 1_000;

  /** What is done while output is captured. */
  @FunctionalInterface
  public interface Work {
    /** Does it. */
    void run() throws Exception;
  }

  /** An empty place. */
  public Output() {
    super("@jupyter-widgets/output", "1.0.0", "Output");
    set("msg_id", "");
    set("outputs", List.of());
  }

  /** Does something; all that the cell prints and shows meanwhile appears here. */
  public void capture(Work work) throws Exception {
    modelId();
    Object before = get("msg_id");
    set("msg_id", CellRuntime.output().parentId());
    try {
      work.run();
    } finally {
      set("msg_id", before);
    }
  }

  /** Adds a line of text. */
  public Output println(Object text) {
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("output_type", "stream");
    output.put("name", "stdout");
    output.put("text", text + "\n");
    return add(output);
  }

  /** Adds a value, as it is shown. */
  public Output show(@Nullable Object value, String... mimeTypes) {
    return add(shown(value, mimeTypes));
  }

  /** Shows a value in place of all that was here. */
  public Output showOnly(@Nullable Object value, String... mimeTypes) {
    return with("outputs", List.of(shown(value, mimeTypes)));
  }

  private static Map<String, @Nullable Object> shown(@Nullable Object value, String... mimeTypes) {
    Map<String, @Nullable Object> output = new LinkedHashMap<>();
    output.put("output_type", "display_data");
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    CellRuntime.output()
        .render(value, mimeTypes)
        .forEach((type, text) ->
            data.put(type, type.endsWith("json") ? hydrocell.api.Json.parse(text) : text));
    output.put("data", data);
    output.put("metadata", Map.of());
    return output;
  }

  private Output add(Map<String, @Nullable Object> output) {
    List<Object> all = new ArrayList<>();
    if (get("outputs") instanceof List<?> before) {
      all.addAll(before.subList(Math.max(0, before.size() - MAX_OUTPUTS + 1), before.size()));
    }
    all.add(output);
    return with("outputs", all);
  }

  /** Empties it. */
  public Output clear() {
    return with("outputs", List.of());
  }
}
