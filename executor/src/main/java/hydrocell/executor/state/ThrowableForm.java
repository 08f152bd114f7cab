package hydrocell.executor.state;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Exceptions: message, cause, trace and what was suppressed, then the fields of subclasses. */
final class ThrowableForm extends Form {
  /** What every exception has. */
  static final ThrowableForm BASE = new ThrowableForm();

  private static final long MESSAGE = offset("detailMessage");
  private static final long CAUSE = offset("cause");
  private static final long TRACE = offset("stackTrace");
  private static final long SUPPRESSED = offset("suppressedExceptions");

  private ThrowableForm() {
    super(Throwable.class, Shape.PARTS);
  }

  private static long offset(String field) {
    try {
      return Jdk.offset(Throwable.class.getDeclaredField(field));
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException("Throwable has no " + field, e);
    }
  }

  /** The form of an exception class of the JDK. */
  static Form of(Class<?> type) {
    return type == Throwable.class ? BASE : new FieldForm(type, Throwable.class, BASE, null, false);
  }

  @Override
  boolean hasShell() {
    return true;
  }

  @Override
  Object shell() {
    return Jdk.allocate(Throwable.class);
  }

  @Override
  @Nullable Object[] parts(Object object) {
    Throwable thrown = (Throwable) object;
    Object cause = Jdk.get(thrown, CAUSE);
    StackTraceElement[] trace = thrown.getStackTrace();
    @Nullable Object[] frames = new @Nullable Object[trace.length];
    for (int i = 0; i < trace.length; i++) {
      StackTraceElement frame = trace[i];
      frames[i] =
          new @Nullable Object[] {
            shown(frame, frame.getClassLoaderName(), "", "/"),
            frame.getModuleName(),
            shown(frame, frame.getModuleVersion(), "@", "/"),
            frame.getClassName(),
            frame.getMethodName(),
            frame.getFileName(),
            frame.getLineNumber()
          };
    }
    return new @Nullable Object[] {
      Jdk.get(thrown, MESSAGE),
      cause == thrown,
      cause == thrown ? null : cause,
      frames,
      thrown.getSuppressed()
    };
  }

  /** A frame's text leaves out the names of the JDK's own loaders and versions; so do we. */
  private static @Nullable String shown(
      StackTraceElement frame, @Nullable String part, String before, String after) {
    return part != null && frame.toString().contains(before + part + after) ? part : null;
  }

  @Override
  void fill(Object shell, long[] bits, @Nullable Object[] parts) throws CorruptValueException {
    if (parts.length != 5
        || !(parts[3] instanceof Object[] frames)
        || !(parts[4] instanceof Throwable[] suppressed)
        || (parts[2] != null && !(parts[2] instanceof Throwable))) {
      throw new CorruptValueException("an exception's parts do not fit together");
    }
    Object message = parts[0];
    if (message instanceof String) {
      Jdk.put(shell, MESSAGE, message);
    }
    Object cause = Boolean.TRUE.equals(parts[1]) ? shell : parts[2];
    if (cause != null) {
      Jdk.put(shell, CAUSE, cause);
    }
    StackTraceElement[] trace = new StackTraceElement[frames.length];
    for (int i = 0; i < trace.length; i++) {
      trace[i] = frame(frames[i]);
    }
    Jdk.put(shell, TRACE, trace);
    Jdk.put(
        shell,
        SUPPRESSED,
        suppressed.length == 0 ? List.of() : new ArrayList<>(List.of(suppressed)));
  }

  private static StackTraceElement frame(@Nullable Object part) throws CorruptValueException {
    if (part instanceof Object[] f
        && f.length == 7
        && f[3] instanceof String type
        && f[4] instanceof String method
        && f[6] instanceof Integer line) {
      return new StackTraceElement(
          (String) f[0], (String) f[1], (String) f[2], type, method, (String) f[5], line);
    }
    throw new CorruptValueException("a frame of a stack trace is damaged");
  }

  @Override
  String step(Object object, int part) {
    return part == 2 ? ".getCause()" : part == 4 ? ".getSuppressed()" : "";
  }
}
