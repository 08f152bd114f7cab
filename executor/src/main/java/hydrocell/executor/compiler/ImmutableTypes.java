package hydrocell.executor.compiler;

import java.lang.classfile.ClassModel;
import java.lang.classfile.FieldModel;
import java.lang.reflect.AccessFlag;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Types in whose values nothing can change: primitive ones, the JDK's values, and records of these.
 * Not thread-safe.
 */
final class ImmutableTypes {
  private final Function<String, byte @Nullable []> classes;
  private final Map<String, Boolean> known = new HashMap<>();

  /**
   * Types of a session.
   *
   * @param classes class files by binary name; null for a class that is not the session's
   */
  ImmutableTypes(Function<String, byte @Nullable []> classes) {
    this.classes = classes;
  }

  /** Whether a type is one of these, by its descriptor. */
  boolean test(String descriptor) {
    if (descriptor.length() == 1) {
      return true;
    }
    if (!descriptor.startsWith("L")) {
      return false;
    }
    String name = descriptor.substring(1, descriptor.length() - 1);
    return KnownMethods.isValue(name) || (name.startsWith("cell/") && isRecord(name));
  }

  private boolean isRecord(String name) {
    Boolean told = known.get(name);
    if (told != null) {
      return told;
    }
    // A type that reaches itself is not looked into any further.
    known.put(name, false);
    byte[] bytes = classes.apply(name.replace('/', '.'));
    boolean is = bytes != null && isRecord(ClassRewriter.parse(bytes));
    known.put(name, is);
    return is;
  }

  private boolean isRecord(ClassModel model) {
    String base = model.superclass().map(type -> type.asInternalName()).orElse("");
    if (!base.equals("java/lang/Record")) {
      return false;
    }
    for (FieldModel field : model.fields()) {
      if (!field.flags().has(AccessFlag.STATIC) && !test(field.fieldType().stringValue())) {
        return false;
      }
    }
    return true;
  }
}
