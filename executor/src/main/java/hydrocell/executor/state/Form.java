package hydrocell.executor.state;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How the objects of one class are taken apart into parts and put together again. An object is
 * either built when its parts are complete, or first made empty (a shell) and filled. Immutable;
 * not tied to one encoder.
 */
abstract class Form {
  /** What stands before the parts; the code on the wire is the ordinal, append only. */
  enum Shape {
    /** Parts only. */
    PARTS,
    /** Primitive fields and parts; the definition lists the fields. */
    FIELDS,
    /** As fields, for the components of a record. */
    RECORD,
    /** The elements of a primitive array, and no parts. */
    PRIMITIVES
  }

  /**
   * A field as the definition of its class lists it.
   *
   * @param owner 0 for the class itself, 1 for its superclass, onwards
   * @param name as declared
   * @param descriptor of its type
   */
  record FieldKey(int owner, String name, String descriptor) {
    boolean primitive() {
      return descriptor.length() == 1;
    }
  }

  private final Class<?> wireType;
  private final Shape shape;

  Form(Class<?> wireType, Shape shape) {
    this.wireType = wireType;
    this.shape = shape;
  }

  /** The class whose name stands in the value. */
  final Class<?> wireType() {
    return wireType;
  }

  final Shape shape() {
    return shape;
  }

  /** Whether this object has no identity worth keeping and is written where it is referred to. */
  boolean inline(Object object) {
    return false;
  }

  /** Whether two names that hold this same object must be stored as one value. */
  boolean sharable(Object object) {
    return true;
  }

  /**
   * Whether the object's own parts can never change and nobody asks which of two equal ones it is:
   * records and the JDK's values, not objects of classes with final fields.
   */
  boolean immutable() {
    return false;
  }

  /** Whether reading back must be tried before the value counts as stored. */
  boolean doubtful() {
    return false;
  }

  /** Whether an empty object can be made before its parts are known. */
  boolean hasShell() {
    return false;
  }

  /** The fields that the definition lists, primitives and parts in this order. */
  List<FieldKey> fields() {
    return List.of();
  }

  /** The primitive fields as bits, in order. */
  void bits(Object object, long[] into) {}

  /** Everything the object refers to. */
  abstract @Nullable Object[] parts(Object object) throws UnstorableException;

  /** An empty object. */
  Object shell() {
    throw new IllegalStateException(wireType + " has no shell");
  }

  /** Fills a shell. */
  void fill(Object shell, long[] bits, @Nullable Object[] parts) throws Throwable {
    throw new IllegalStateException(wireType + " has no shell");
  }

  /** An object from its parts. */
  Object build(long[] bits, @Nullable Object[] parts) throws Throwable {
    Object made = shell();
    fill(made, bits, parts);
    return made;
  }

  /** Classes that the object needs besides its own: code that a lambda runs. */
  List<Class<?>> needs(Object object) {
    return List.of();
  }

  /** How a message spells the way to a part. */
  String step(Object object, int part) {
    return "[" + part + "]";
  }
}
