package hydrocell.executor.state;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A form made of functions, for the classes of the JDK that have a public way in and out. */
final class PartsForm extends Form {
  /** Takes an object apart. */
  @FunctionalInterface
  interface Take<T> {
    /** The parts. */
    @Nullable Object[] of(T object) throws UnstorableException;
  }

  /** Fills an empty object. */
  @FunctionalInterface
  interface Fill<T> {
    /** Puts the parts in. */
    void into(T shell, @Nullable Object[] parts) throws Throwable;
  }

  /** Makes an object from its parts. */
  @FunctionalInterface
  interface Build {
    /** The object. */
    Object from(@Nullable Object[] parts) throws Throwable;
  }

  private final Take<Object> take;
  private final @Nullable Supplier<?> shell;
  private final @Nullable Fill<Object> fill;
  private final @Nullable Build build;
  private final boolean immutable;
  private final boolean doubtful;

  private PartsForm(
      Class<?> wireType,
      Take<Object> take,
      @Nullable Supplier<?> shell,
      @Nullable Fill<Object> fill,
      @Nullable Build build,
      boolean immutable,
      boolean doubtful) {
    super(wireType, Shape.PARTS);
    this.take = take;
    this.shell = shell;
    this.fill = fill;
    this.build = build;
    this.immutable = immutable;
    this.doubtful = doubtful;
  }

  /** A form for objects that can be empty first. */
  @SuppressWarnings("unchecked")
  static <T> PartsForm filled(Class<?> type, Take<T> take, Supplier<T> shell, Fill<T> fill) {
    return new PartsForm(
        type, (Take<Object>) take, shell, (Fill<Object>) (Fill<?>) fill, null, false, false);
  }

  /** A form for objects that need their parts when they are made, and can change afterwards. */
  @SuppressWarnings("unchecked")
  static <T> PartsForm built(Class<?> type, Take<T> take, Build build) {
    return new PartsForm(type, (Take<Object>) take, null, null, build, false, false);
  }

  /** A form for objects that never change themselves. */
  @SuppressWarnings("unchecked")
  static <T> PartsForm fixed(Class<?> type, Take<T> take, Build build) {
    return new PartsForm(type, (Take<Object>) take, null, null, build, true, false);
  }

  /** A form that is tried out on every value. */
  @SuppressWarnings("unchecked")
  static <T> PartsForm doubtful(Class<?> type, Take<T> take, Build build) {
    return new PartsForm(type, (Take<Object>) take, null, null, build, false, true);
  }

  @Override
  boolean inline(Object object) {
    return false;
  }

  @Override
  boolean immutable() {
    return immutable;
  }

  @Override
  boolean doubtful() {
    return doubtful;
  }

  @Override
  boolean hasShell() {
    return shell != null;
  }

  @Override
  @Nullable Object[] parts(Object object) throws UnstorableException {
    return take.of(object);
  }

  @Override
  Object shell() {
    return shell == null ? super.shell() : shell.get();
  }

  @Override
  void fill(Object target, long[] bits, @Nullable Object[] parts) throws Throwable {
    if (fill == null) {
      super.fill(target, bits, parts);
    } else {
      fill.into(target, parts);
    }
  }

  @Override
  Object build(long[] bits, @Nullable Object[] parts) throws Throwable {
    return build == null ? super.build(bits, parts) : build.from(parts);
  }

  @Override
  String step(Object object, int part) {
    if (object instanceof java.util.Map<?, ?> && part > 0) {
      Object key = part % 2 == 1 ? null : take(object)[part - 1];
      return key instanceof String || key instanceof Number
          ? ".get(" + (key instanceof String ? "\"" + key + "\"" : key) + ")"
          : part % 2 == 1 ? ".keySet()" : ".values()";
    }
    return object instanceof java.util.List<?> ? ".get(" + part + ")" : super.step(object, part);
  }

  private @Nullable Object[] take(Object object) {
    try {
      return take.of(object);
    } catch (UnstorableException e) {
      return new Object[0];
    }
  }
}
