package hydrocell.kernel.debug;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Field;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import hydrocell.cell.Symbol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the code of a frame can name: its locals, the statics of its class, the session's names. */
final class Scopes {
  private Scopes() {}

  /** {@code this} and the local variables of a frame that have a value there, in order. */
  static Map<String, @Nullable Value> locals(StackFrame frame) {
    Map<String, @Nullable Value> values = new LinkedHashMap<>();
    ObjectReference self = frame.thisObject();
    if (self != null) {
      values.put("this", self);
    }
    try {
      List<LocalVariable> variables = frame.visibleVariables();
      Map<LocalVariable, Value> all = frame.getValues(variables);
      for (LocalVariable variable : variables) {
        if (!variable.name().startsWith("$")) {
          values.put(variable.name(), all.get(variable));
        }
      }
    } catch (AbsentInformationException e) {
      return values;
    }
    return values;
  }

  /** The static fields of a frame's class, if it is a type that the user wrote. */
  static Map<String, @Nullable Value> statics(StackFrame frame) {
    ReferenceType type = frame.location().declaringType();
    Map<String, @Nullable Value> values = new LinkedHashMap<>();
    for (Field field : type.fields()) {
      if (field.isStatic() && !field.isSynthetic()) {
        values.put(field.name(), type.getValue(field));
      }
    }
    return values;
  }

  /**
   * The variables of the session that are in a JVM, by name.
   *
   * @param symbols every variable of the session
   */
  static Map<String, @Nullable Value> globals(VirtualMachine machine, List<Symbol> symbols) {
    Map<String, @Nullable Value> values = new TreeMap<>();
    for (Symbol symbol : symbols) {
      String name = symbol.name().text();
      for (ReferenceType holder : machine.classesByName(symbol.className())) {
        Field field = holder.fieldByName(name);
        if (field != null && holder.isInitialized()) {
          values.put(name, holder.getValue(field));
        }
      }
    }
    return values;
  }
}
