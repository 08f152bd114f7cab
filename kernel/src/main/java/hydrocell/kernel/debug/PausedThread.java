package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.jdi.Field;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.Value;
import hydrocell.cell.CellFunction;
import hydrocell.kernel.protocol.MessageCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see of a suspended thread: its frames, their scopes, and values by their parts.
 * Owned by the debugger's thread.
 */
final class PausedThread {
  private static final int MAX_FRAMES = 200;
  private static final int PAGE = 100;

  private final ThreadReference thread;
  private final CodePlaces places;
  private final CellFrames frames;
  private final SessionNames names;
  private final References references;
  private final boolean types;

  /** A frame by its place among those that are shown. */
  private record Frame(int index) {}

  /** Something that has variables. */
  private interface Parts {
    /** So many variables at most, from here on. */
    List<ObjectNode> list(int start, int count) throws IncompatibleThreadStateException;
  }

  /** The locals of a frame, which can be set. */
  private final class Locals implements Parts {
    private final int frameId;

    Locals(int frameId) {
      this.frameId = frameId;
    }

    int frameId() {
      return frameId;
    }

    @Override
    public List<ObjectNode> list(int start, int count) throws IncompatibleThreadStateException {
      return variables(frameId, Scopes::locals);
    }
  }

  /**
   * A thread that is suspended now.
   *
   * @param names the variables of the session
   * @param types whether the front end wants the types of values
   */
  PausedThread(
      ThreadReference thread,
      CodePlaces places,
      CellFrames frames,
      SessionNames names,
      References references,
      boolean types) {
    this.thread = thread;
    this.places = places;
    this.frames = frames;
    this.names = names;
    this.references = references;
    this.types = types;
  }

  /** The frames that the user wrote, the innermost first. */
  List<ObjectNode> frames() throws IncompatibleThreadStateException {
    List<ObjectNode> shown = new ArrayList<>();
    List<StackFrame> all = frames.of(thread);
    for (int i = 0; i < Math.min(MAX_FRAMES, all.size()); i++) {
      shown.add(frame(i, all.get(i)));
    }
    return shown;
  }

  private ObjectNode frame(int index, StackFrame frame) {
    String type = frame.location().declaringType().name();
    int line = frame.location().lineNumber();
    CodePlaces.Place place = places.placeOf(type, line);
    String cell = places.cellOf(type);
    String method = frame.location().method().name();
    boolean statements =
        places.isStatements(type)
            && (method.equals(CellFunction.RUN) || method.equals(CellFunction.BODY));
    ObjectNode shown =
        MessageCodec.object()
            .put("id", references.add(new Frame(index)))
            .put(
                "name",
                statements && cell != null
                    ? cell
                    : CellNames.method(places.isStatements(type) ? "" : type, method))
            .put("line", place == null ? line : place.line())
            .put("column", 1);
    if (place != null) {
      ObjectNode source = shown.putObject("source");
      source.put("path", place.path()).put("name", cell == null ? "cell" : cell);
    }
    return shown;
  }

  private @Nullable StackFrame at(int frameId) throws IncompatibleThreadStateException {
    Frame frame = references.get(frameId, Frame.class);
    List<StackFrame> all = frame == null ? List.of() : frames.of(thread);
    return frame != null && frame.index() < all.size() ? all.get(frame.index()) : null;
  }

  /** The scopes of a frame; one without locals begins with the session's variables. */
  List<ObjectNode> scopes(int frameId) throws IncompatibleThreadStateException {
    List<ObjectNode> scopes = new ArrayList<>();
    StackFrame frame = at(frameId);
    if (frame == null) {
      return scopes;
    }
    if (!Scopes.locals(frame).isEmpty()) {
      scopes.add(scope("Locals", new Locals(frameId)));
    }
    if (!Scopes.statics(frame).isEmpty()) {
      scopes.add(scope("Statics", (start, count) -> variables(frameId, Scopes::statics)));
    }
    scopes.add(scope("Globals", (start, count) -> globals()));
    return scopes;
  }

  private ObjectNode scope(String name, Parts parts) {
    return MessageCodec.object()
        .put("name", name)
        .put("variablesReference", references.add(parts))
        .put("expensive", false);
  }

  /** The values of a frame by name. */
  private interface OfFrame {
    Map<String, @Nullable Value> values(StackFrame frame);
  }

  private List<ObjectNode> variables(int frameId, OfFrame scope)
      throws IncompatibleThreadStateException {
    StackFrame frame = at(frameId);
    return frame == null ? List.of() : variables(scope.values(frame));
  }

  private List<ObjectNode> variables(Map<String, @Nullable Value> values) {
    List<ObjectNode> shown = new ArrayList<>();
    values.forEach((name, value) -> shown.add(variable(name, value)));
    return shown;
  }

  private List<ObjectNode> globals() {
    Map<String, @Nullable Value> here = Scopes.globals(thread.virtualMachine(), names.variables());
    List<ObjectNode> shown = variables(here);
    names
        .others(here.keySet())
        .forEach(entry -> shown.add(NotebookVariables.variable(entry, types)));
    shown.sort((a, b) -> a.path("name").asText().compareTo(b.path("name").asText()));
    return shown;
  }

  /** Variables of a scope or the parts of a value; none for a number that has gone. */
  List<ObjectNode> variables(int reference, int start, int count)
      throws IncompatibleThreadStateException {
    Parts parts = references.get(reference, Parts.class);
    return parts == null ? List.of() : parts.list(start, count);
  }

  /** A value under a name. */
  ObjectNode variable(String name, @Nullable Value value) {
    if (!(value instanceof ObjectReference object) || ValueText.isPlain(object)) {
      String type = value == null ? "null" : CellNames.type(value.type().name());
      return Dap.variable(name, types ? type : "", ValueText.of(value), 0);
    }
    Elements elements = Structure.of(object);
    boolean parts = elements == null ? !ObjectFields.all(object).isEmpty() : elements.size() > 0;
    return Dap.variable(
        name,
        types ? ValueText.type(object) : "",
        ValueText.of(value),
        parts ? references.add(partsOf(object, elements)) : 0);
  }

  private Parts partsOf(ObjectReference object, @Nullable Elements elements) {
    return elements == null
        ? (start, count) -> fields(object)
        : (start, count) -> elements(elements, start, count);
  }

  private List<ObjectNode> fields(ObjectReference object) {
    List<ObjectNode> shown = new ArrayList<>();
    for (Field field : ObjectFields.all(object)) {
      shown.add(variable(field.name(), object.getValue(field)));
    }
    return shown;
  }

  /** A page of elements, and what leads to the next one when nobody said how many. */
  private List<ObjectNode> elements(Elements elements, int start, int count) {
    int wanted = count > 0 ? count : PAGE;
    List<ObjectNode> shown = new ArrayList<>();
    int at = start;
    for (Elements.Element each : elements.read(start, wanted)) {
      String name = each.key() == null ? "[" + at + "]" : ValueText.of(each.key());
      shown.add(variable(name, each.value()));
      at++;
    }
    int next = at;
    if (count <= 0 && next < elements.size()) {
      Parts rest = (from, most) -> elements(elements, Math.max(next, from), most);
      shown.add(
          Dap.variable(
              "…", "", "%,d more".formatted(elements.size() - next), references.add(rest)));
    }
    return shown;
  }

  /** The value that a name has in a frame, or in the session; null when there is none. */
  @Nullable ObjectNode find(String name, int frameId) throws IncompatibleThreadStateException {
    StackFrame frame = at(frameId);
    if (frame != null) {
      for (OfFrame scope : List.<OfFrame>of(Scopes::locals, Scopes::statics)) {
        Map<String, @Nullable Value> values = scope.values(frame);
        if (values.containsKey(name)) {
          return variable(name, values.get(name));
        }
      }
    }
    for (ObjectNode global : globals()) {
      if (global.path("name").asText().equals(name)) {
        return global;
      }
    }
    return null;
  }

  /** What names mean in a frame: its locals, the statics of its class, and the session's names. */
  private Expression.Names namesOf(StackFrame frame) {
    return name -> {
      for (OfFrame scope : List.<OfFrame>of(Scopes::locals, Scopes::statics)) {
        Map<String, @Nullable Value> values = scope.values(frame);
        if (values.containsKey(name)) {
          return values.get(name);
        }
      }
      ObjectReference self = frame.thisObject();
      if (self != null && ObjectFields.has(self, name)) {
        return ObjectFields.value(self, name);
      }
      Map<String, @Nullable Value> globals =
          Scopes.globals(thread.virtualMachine(), names.variables());
      if (globals.containsKey(name)) {
        return globals.get(name);
      }
      throw new Expression.RefusedException(
          name + " has no value here, or the paused cell does not use it");
    };
  }

  private StackFrame frame(int frameId)
      throws IncompatibleThreadStateException, Expression.RefusedException {
    StackFrame frame = at(frameId);
    if (frame == null) {
      throw new Expression.RefusedException("the frame is not there any more");
    }
    return frame;
  }

  /** Whether a condition holds in the innermost frame. */
  boolean holds(String condition)
      throws IncompatibleThreadStateException, Expression.RefusedException {
    List<StackFrame> all = frames.of(thread);
    return all.isEmpty()
        || Operations.truth(Expression.parse(condition).value(namesOf(all.getFirst())));
  }

  /** The value of an expression in a frame, as the protocol answers it. */
  ObjectNode evaluate(String expression, int frameId)
      throws IncompatibleThreadStateException, Expression.RefusedException {
    Object value = Expression.parse(expression).value(namesOf(frame(frameId)));
    return result(value, "result");
  }

  private ObjectNode result(@Nullable Object value, String name) {
    ObjectNode shown;
    if (value == null || value instanceof Value) {
      shown = variable("", (Value) value);
    } else {
      String text = value instanceof String string ? ValueText.ofText(string) : value.toString();
      String type = CellNames.type(value.getClass().getName());
      shown = Dap.variable("", types ? type : "", text, 0);
    }
    ObjectNode body = MessageCodec.object().set(name, shown.path("value"));
    body.set("variablesReference", shown.path("variablesReference"));
    if (shown.has("type")) {
      body.set("type", shown.path("type"));
    }
    return body;
  }

  /** Gives a local variable the value of an expression. */
  ObjectNode setLocal(int reference, String name, String expression)
      throws IncompatibleThreadStateException, Expression.RefusedException {
    if (!(references.get(reference, Parts.class) instanceof Locals locals)) {
      throw new Expression.RefusedException(
          "only local variables can be set here; a cell sets the others, so that it is kept");
    }
    StackFrame frame = frame(locals.frameId());
    Object value = Expression.parse(expression).value(namesOf(frame));
    LocalAssignment.assign(frame, name, value);
    return result(Scopes.locals(frame(locals.frameId())).get(name), "value");
  }
}
