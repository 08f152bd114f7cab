package hydrocell.api.widgets;

import hydrocell.api.Json;
import hydrocell.api.Rich;
import hydrocell.api.comm.Comm;
import hydrocell.api.comm.CommEvent;
import hydrocell.api.comm.Comms;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something on the page whose state both ends hold. It comes to life when it is first shown, alone
 * or inside another widget; from then on what is set here is told to the page, and what people do
 * there is taken here, in turn with the cells. For one thread at a time, as any variable.
 */
public abstract class Widget implements Rich, Comm.Handler {
  private static final long serialVersionUID = 1L;
  static final String TARGET = "jupyter.widget";
  private static final String VIEW = "application/vnd.jupyter.widget-view+json";
  private static final String PROTOCOL = "2.1.0";
  static final String BASE = "@jupyter-widgets/base";
  static final String CONTROLS = "@jupyter-widgets/controls";

  private record Observer(String key, Consumer<Object> action) {}

  private final Map<String, @Nullable Object> state = new LinkedHashMap<>();
  private final List<Observer> observers = new ArrayList<>();
  private @Nullable Comm comm;

  /**
   * A widget that is not on any page yet.
   *
   * @param module of the page's side
   * @param version of the module
   * @param name of the model; the view is called like it
   */
  Widget(String module, String version, String name) {
    state.put("_model_module", module);
    state.put("_model_module_version", version);
    state.put("_model_name", name + "Model");
    state.put("_view_module", module);
    state.put("_view_module_version", version);
    state.put("_view_name", name + "View");
    state.put("_view_count", null);
  }

  /**
   * The name of its model on the page; a widget that had none comes to life, and so does one whose
   * comm is no longer there, because its cell was run again and undone afterwards.
   */
  public String modelId() {
    Comm open = comm;
    if (open == null || !Comms.isKept(open)) {
      String id = UUID.randomUUID().toString().replace("-", "");
      WireState wire = WireState.of(state);
      open =
          Comm.open(
              id,
              TARGET,
              Map.of("state", wire.state(), "buffer_paths", wire.paths()),
              Map.of("version", PROTOCOL),
              wire.buffers(),
              this);
      comm = open;
    }
    return open.id();
  }

  /** What stands in the page's state under a name of the protocol; null when nothing does. */
  protected final @Nullable Object get(String key) {
    return state.get(key);
  }

  final int intOf(String key) {
    return get(key) instanceof Number number ? number.intValue() : 0;
  }

  final double doubleOf(String key) {
    return get(key) instanceof Number number ? number.doubleValue() : 0;
  }

  final String textOf(String key) {
    return String.valueOf(Objects.requireNonNullElse(get(key), ""));
  }

  /** Sets a part of the state: the page is told, and whoever observes it. */
  protected final void set(String key, @Nullable Object value) {
    if (state.containsKey(key) && Objects.equals(state.get(key), value)) {
      return;
    }
    state.put(key, value);
    Comm open = comm;
    if (open != null && open.isOpen()) {
      send("update", java.util.Collections.singletonMap(key, value));
    }
    changed(key);
  }

  private void send(String method, Map<String, ?> part) {
    WireState wire = WireState.of(part);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("method", method);
    data.put("state", wire.state());
    data.put("buffer_paths", wire.paths());
    Objects.requireNonNull(comm).send(data, wire.buffers().toArray(byte[][]::new));
  }

  private void changed(String key) {
    for (Observer observer : List.copyOf(observers)) {
      if (observer.key.equals(key)) {
        observer.action.accept(observed(key));
      }
    }
  }

  /** What observers of a part of the state are given. */
  @Nullable Object observed(String key) {
    return get(key);
  }

  /**
   * Does something whenever a part of the state has changed, here or on the page.
   *
   * @param key its name in the protocol, such as {@code value}
   */
  public final void observe(String key, Consumer<Object> action) {
    observers.add(new Observer(key, action));
  }

  /** Forgets everybody who observes. */
  public final void unobserveAll() {
    observers.clear();
  }

  /** Takes what the page says. */
  @Override
  public final void take(CommEvent event) throws Exception {
    Map<?, ?> data = event.fields();
    switch (String.valueOf(data.get("method"))) {
      case "update" -> {
        if (data.get("state") instanceof Map<?, ?> update) {
          WireState.restore(update, data.get("buffer_paths"), event.buffers());
          update(update);
        }
      }
      case "request_state" -> send("update", state);
      case "custom" -> {
        if (data.get("content") instanceof Map<?, ?> content) {
          custom(content);
        }
      }
      default -> {
        // A later protocol says more than this one knows.
      }
    }
  }

  /** Other pages on this notebook are told by the echo, and all of them where we know better. */
  private void update(Map<?, ?> update) {
    Map<String, @Nullable Object> echo = new LinkedHashMap<>();
    Map<String, @Nullable Object> corrected = new LinkedHashMap<>();
    List<String> changed = new ArrayList<>();
    for (Map.Entry<?, ?> field : update.entrySet()) {
      String key = String.valueOf(field.getKey());
      if (!state.containsKey(key) || key.startsWith("_model")) {
        continue;
      }
      Object accepted = accepted(key, field.getValue());
      echo.put(key, field.getValue());
      if (!WireState.same(accepted, field.getValue())) {
        corrected.put(key, accepted);
      }
      if (!Objects.equals(accepted, state.put(key, accepted))) {
        changed.add(key);
      }
    }
    send("echo_update", echo);
    if (!corrected.isEmpty()) {
      send("update", corrected);
    }
    changed.forEach(this::changed);
  }

  /** What a value from the page becomes; what is not of the right kind becomes what was there. */
  @Nullable Object accepted(String key, @Nullable Object value) {
    return value;
  }

  /** Takes what the page says besides state, such as a press. */
  void custom(Map<?, ?> content) throws Exception {}

  /** Takes it off the page. It can be used no more. */
  public final void close() {
    Comm open = comm;
    if (open != null) {
      open.close();
    }
  }

  /** Closes all widgets of the notebook, also those that no variable holds any more. */
  public static void closeAll() {
    Comms.open(TARGET).forEach(Comm::close);
  }

  /** Model and state, for a page that asks for all widgets. */
  final Map<String, Object> described(boolean withBytes) {
    Map<String, @Nullable Object> copy = new LinkedHashMap<>(state);
    if (!withBytes) {
      copy.replaceAll((key, value) -> value instanceof byte[] ? new byte[0] : value);
    }
    Map<String, Object> described = new LinkedHashMap<>();
    described.put("model_name", textOf("_model_name"));
    described.put("model_module", textOf("_model_module"));
    described.put("model_module_version", textOf("_model_module_version"));
    described.put("state", copy);
    return described;
  }

  @Override
  public final Map<String, String> forms() {
    Map<String, String> forms = new LinkedHashMap<>();
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("version_major", 2);
    view.put("version_minor", 0);
    view.put("model_id", modelId());
    forms.put(VIEW, Json.write(view));
    forms.put("text/plain", toString());
    return forms;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(getClass().getSimpleName()).append('(');
    Object value = observed("value");
    if (value != null && !(value instanceof byte[])) {
      text.append("value=").append(value);
    }
    return text.append(')').toString();
  }
}
