package hydrocell.executor.state;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** Arrays: of references by their elements, of primitives in bulk. */
final class ArrayForm extends Form {
  private static final @Nullable Object[] NONE = {};

  ArrayForm(Class<?> type) {
    super(type, type.getComponentType().isPrimitive() ? Shape.PRIMITIVES : Shape.PARTS);
  }

  /** Bytes of one element of a primitive array. */
  int widthBytes() {
    return switch (wireType().getComponentType().descriptorString().charAt(0)) {
      case 'Z', 'B' -> 1;
      case 'S', 'C' -> 2;
      case 'I', 'F' -> 4;
      default -> 8;
    };
  }

  /** An array of this class. */
  Object make(int length) {
    return Array.newInstance(wireType().getComponentType(), length);
  }

  @Override
  @Nullable Object[] parts(Object object) {
    return shape() == Shape.PRIMITIVES ? NONE : ((@Nullable Object[]) object).clone();
  }

  void copy(Object into, @Nullable Object[] parts) throws StaleValueException {
    try {
      System.arraycopy(parts, 0, into, 0, parts.length);
    } catch (ArrayStoreException e) {
      throw new StaleValueException(
          "an element does not fit a " + wireType().getSimpleName() + " any more");
    }
  }

  @Override
  Object build(long[] bits, @Nullable Object[] parts) throws StaleValueException {
    Object array = make(parts.length);
    copy(array, parts);
    return array;
  }
}
