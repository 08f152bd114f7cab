package hydrocell.kernel.debug;

import com.sun.jdi.ArrayReference;
import com.sun.jdi.ClassType;
import com.sun.jdi.Field;
import com.sun.jdi.IntegerValue;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of objects in another JVM. */
final class ObjectFields {
  private ObjectFields() {}

  /** A class does not have the field that was expected. */
  static final class MissingFieldException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MissingFieldException(ObjectReference object, String field) {
      super(object.referenceType().name() + " has no field " + field);
    }
  }

  static boolean has(ObjectReference object, String field) {
    return object.referenceType().fieldByName(field) != null;
  }

  static @Nullable Value value(ObjectReference object, String field) {
    Field found = object.referenceType().fieldByName(field);
    if (found == null) {
      throw new MissingFieldException(object, field);
    }
    return object.getValue(found);
  }

  static @Nullable ObjectReference object(ObjectReference object, String field) {
    return value(object, field) instanceof ObjectReference found ? found : null;
  }

  static ArrayReference array(ObjectReference object, String field) {
    if (value(object, field) instanceof ArrayReference found) {
      return found;
    }
    throw new MissingFieldException(object, field);
  }

  static int number(ObjectReference object, String field) {
    if (value(object, field) instanceof IntegerValue found) {
      return found.value();
    }
    throw new MissingFieldException(object, field);
  }

  /** The fields of an object itself, those of its superclasses first. */
  static List<Field> all(ObjectReference object) {
    List<Field> fields = new ArrayList<>();
    for (ClassType type = object.referenceType() instanceof ClassType own ? own : null;
        type != null;
        type = type.superclass()) {
      List<Field> own = new ArrayList<>();
      for (Field field : type.fields()) {
        if (!field.isStatic() && (!field.isSynthetic() || field.name().startsWith("val$"))) {
          own.add(field);
        }
      }
      fields.addAll(0, own);
    }
    return fields;
  }
}
