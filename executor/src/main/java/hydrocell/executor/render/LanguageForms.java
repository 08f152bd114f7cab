package hydrocell.executor.render;

import hydrocell.api.Hydrocell;
import hydrocell.executor.compiler.GeneratedNames;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Forms of what every Java program has: optionals, errors, classes, bytes that are pictures. */
final class LanguageForms {
  private static final String GENERATED = "cell.";
  private static final int MAX_FRAMES = 40;
  private static final int MAX_CAUSES = 8;
  private static final int MAX_MEMBERS = 60;
  private static final int MIN_MEDIA_BYTES = 16;

  private LanguageForms() {}

  /** The forms; empty when it is none of these. */
  static Map<String, String> of(Object value, int depth) throws Exception {
    if (value instanceof Optional<?> optional && optional.isPresent()) {
      Map<String, String> forms = new LinkedHashMap<>(Rendering.forms(optional.get(), depth + 1));
      forms.computeIfPresent("text/plain", (type, text) -> "Optional[" + text + "]");
      return forms;
    } else if (value instanceof Throwable thrown) {
      return Map.of("text/plain", trace(thrown));
    } else if (value instanceof Class<?> type) {
      return Map.of("text/plain", declaration(type));
    }
    return Map.of();
  }

  /** The picture, sound or film that some bytes are; empty when they are none. */
  static Map<String, String> media(byte[] bytes) {
    if (bytes.length < MIN_MEDIA_BYTES) {
      return Map.of();
    }
    try {
      return Hydrocell.media(bytes).forms();
    } catch (IllegalArgumentException e) {
      // Bytes like any others.
      return Map.of();
    }
  }

  /** A frame by the names that users gave; a cell's own statements have none. */
  private static String place(StackTraceElement frame) {
    String name = frame.getClassName() + "." + frame.getMethodName();
    if (!frame.getClassName().startsWith(GENERATED)) {
      return "%s (%s:%d)".formatted(name, frame.getFileName(), frame.getLineNumber());
    }
    String clean = GeneratedNames.clean(name);
    return "%s, line %d"
        .formatted(clean.startsWith("$") ? "a cell" : clean, Math.max(1, frame.getLineNumber()));
  }

  /** An error that is a value and was not thrown by the cell. */
  private static String trace(Throwable thrown) {
    StringBuilder text = new StringBuilder();
    Throwable next = thrown;
    for (int causes = 0; next != null && causes < MAX_CAUSES; causes++) {
      text.append(causes == 0 ? "" : "\nCaused by: ").append(next);
      List<StackTraceElement> frames =
          Arrays.stream(next.getStackTrace()).filter(LanguageForms::isUsers).toList();
      frames.stream().limit(MAX_FRAMES).forEach(f -> text.append("\n    at ").append(place(f)));
      if (frames.size() > MAX_FRAMES) {
        text.append("\n    … %,d more frames".formatted(frames.size() - MAX_FRAMES));
      }
      next = next.getCause();
    }
    return GeneratedNames.clean(text.toString());
  }

  private static boolean isUsers(StackTraceElement frame) {
    String name = frame.getClassName();
    return !name.startsWith("hydrocell.")
        && !name.startsWith("jdk.internal.reflect.")
        && !name.startsWith("java.lang.reflect.")
        && !(name.equals("java.lang.Thread") && frame.getMethodName().equals("run"));
  }

  /** A class as its declaration, without bodies. */
  private static String declaration(Class<?> type) {
    if (type.isPrimitive() || type.isArray()) {
      return GeneratedNames.clean(type.getTypeName());
    }
    List<String> members = new ArrayList<>();
    for (Field field : type.getDeclaredFields()) {
      if (isShown(field.getModifiers(), field.isSynthetic()) && !type.isRecord()) {
        members.add(
            modifiers(field.getModifiers() & Modifier.fieldModifiers())
                + spell(field.getGenericType())
                + " "
                + field.getName());
      }
    }
    for (Executable constructor : type.getDeclaredConstructors()) {
      if (isShown(constructor.getModifiers(), constructor.isSynthetic()) && !type.isEnum()) {
        members.add(type.getSimpleName() + parameters(constructor));
      }
    }
    for (var method : type.getDeclaredMethods()) {
      if (isShown(method.getModifiers(), method.isSynthetic())) {
        members.add(
            modifiers(method.getModifiers() & Modifier.methodModifiers())
                + spell(method.getGenericReturnType())
                + " "
                + method.getName()
                + parameters(method));
      }
    }
    String shown =
        members.stream().limit(MAX_MEMBERS).map(m -> "\n  " + m).collect(Collectors.joining());
    int more = members.size() - MAX_MEMBERS;
    return GeneratedNames.clean(
        head(type) + " {" + shown + (more > 0 ? "\n  … %,d more".formatted(more) : "") + "\n}");
  }

  private static boolean isShown(int modifiers, boolean synthetic) {
    return !synthetic && !Modifier.isPrivate(modifiers);
  }

  private static String modifiers(int modifiers) {
    int said = modifiers & ~(Modifier.PUBLIC | Modifier.SYNCHRONIZED | Modifier.NATIVE);
    return said == 0 ? "" : Modifier.toString(said) + " ";
  }

  private static String spell(Type type) {
    return type.getTypeName().replaceAll("\\bjava\\.(lang|util|io)\\.(?=[A-Z])", "");
  }

  private static String parameters(Executable executable) {
    return Arrays.stream(executable.getGenericParameterTypes())
        .map(LanguageForms::spell)
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String head(Class<?> type) {
    StringBuilder head = new StringBuilder();
    int without = Modifier.INTERFACE | Modifier.STATIC;
    if (type.isEnum() || type.isRecord()) {
      without |= Modifier.FINAL;
    } else if (type.isInterface()) {
      without |= Modifier.ABSTRACT;
    }
    int modifiers = type.getModifiers() & Modifier.classModifiers() & ~without;
    head.append(modifiers == 0 ? "" : Modifier.toString(modifiers) + " ");
    head.append(
        type.isAnnotation()
            ? "@interface "
            : type.isInterface()
                ? "interface "
                : type.isEnum() ? "enum " : type.isRecord() ? "record " : "class ");
    head.append(type.getTypeName());
    if (type.isRecord()) {
      head.append(
          Arrays.stream(type.getRecordComponents())
              .map(LanguageForms::component)
              .collect(Collectors.joining(", ", "(", ")")));
    } else if (!type.isEnum()
        && type.getSuperclass() != null
        && type.getSuperclass() != Object.class) {
      head.append(" extends ").append(spell(type.getGenericSuperclass()));
    }
    if (type.getInterfaces().length > 0 && !type.isAnnotation()) {
      head.append(type.isInterface() ? " extends " : " implements ");
      head.append(
          Arrays.stream(type.getGenericInterfaces())
              .map(LanguageForms::spell)
              .collect(Collectors.joining(", ")));
    }
    return head.toString();
  }

  private static String component(RecordComponent component) {
    return spell(component.getGenericType()) + " " + component.getName();
  }
}
