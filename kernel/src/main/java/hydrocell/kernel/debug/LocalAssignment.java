package hydrocell.kernel.debug;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.ClassNotLoadedException;
import com.sun.jdi.InvalidTypeException;
import com.sun.jdi.LocalVariable;
import com.sun.jdi.PrimitiveType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import hydrocell.kernel.debug.Expression.RefusedException;
import org.jspecify.annotations.Nullable;

/** Gives a local variable of a suspended frame another value, by Java's rules. */
final class LocalAssignment {
  private LocalAssignment() {}

  static void assign(StackFrame frame, String name, @Nullable Object value)
      throws RefusedException {
    try {
      LocalVariable variable = frame.visibleVariableByName(name);
      if (variable == null) {
        throw new RefusedException(name + " is no local variable of this frame");
      }
      frame.setValue(variable, converted(frame.virtualMachine(), variable, value));
    } catch (InvalidTypeException | ClassCastException e) {
      throw new RefusedException("%s does not take %s".formatted(name, Operations.text(value)));
    } catch (ClassNotLoadedException e) {
      // JDI only assigns to a type that the frame's own class loader was asked for.
      throw new RefusedException(
          "%s cannot be set: the code of this cell has not used its type yet".formatted(name));
    } catch (AbsentInformationException e) {
      throw new RefusedException("nothing is known of the variables of this frame");
    }
  }

  private static @Nullable Value converted(
      VirtualMachine machine, LocalVariable variable, @Nullable Object value)
      throws RefusedException, ClassNotLoadedException {
    if (variable.signature().length() == 1) {
      Value primitive = primitive(machine, variable.signature().charAt(0), Readings.plain(value));
      if (primitive == null || !(primitive.type() instanceof PrimitiveType)) {
        throw new RefusedException(
            "%s is a %s, and %s is none"
                .formatted(variable.name(), variable.typeName(), Operations.text(value)));
      }
      return primitive;
    }
    if (value == null || value instanceof Value) {
      return (Value) value;
    }
    if (value instanceof String text) {
      return machine.mirrorOf(text);
    }
    throw new RefusedException(
        "%s is a %s: it takes null, a text, or what another variable holds"
            .formatted(variable.name(), variable.typeName()));
  }

  /** A number as one of a type that holds it without loss; null when that type does not. */
  private static @Nullable Value primitive(
      VirtualMachine machine, char type, @Nullable Object value) {
    if (type == 'Z') {
      return value instanceof Boolean truth ? machine.mirrorOf(truth) : null;
    }
    Object number = value instanceof Character character ? Integer.valueOf(character) : value;
    if (!(number instanceof Number given)) {
      return null;
    }
    boolean whole = !(given instanceof Double) && !(given instanceof Float);
    long bits = given.longValue();
    return switch (type) {
      case 'D' -> machine.mirrorOf(given.doubleValue());
      case 'F' -> given instanceof Double ? null : machine.mirrorOf(given.floatValue());
      case 'J' -> whole ? machine.mirrorOf(bits) : null;
      case 'I' -> whole && bits == (int) bits ? machine.mirrorOf((int) bits) : null;
      case 'S' -> whole && bits == (short) bits ? machine.mirrorOf((short) bits) : null;
      case 'B' -> whole && bits == (byte) bits ? machine.mirrorOf((byte) bits) : null;
      case 'C' -> whole && bits == (char) bits ? machine.mirrorOf((char) bits) : null;
      default -> null;
    };
  }
}
