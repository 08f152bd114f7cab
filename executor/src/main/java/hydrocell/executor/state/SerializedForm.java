package hydrocell.executor.state;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import org.jspecify.annotations.Nullable;

/**
 * Objects of the JDK and of libraries that store themselves by Java serialization, as one opaque
 * part. They must hold nothing but objects of the JDK and of these libraries: those of the session
 * would lose their sharing.
 */
final class SerializedForm extends Form {
  SerializedForm(Class<?> type) {
    super(type, Shape.PARTS);
  }

  @Override
  boolean doubtful() {
    return true;
  }

  @Override
  @Nullable Object[] parts(Object object) throws UnstorableException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Output out = new Output(bytes, wireType().getClassLoader())) {
      out.writeObject(object);
    } catch (NotSerializableException | InvalidClassException e) {
      throw new UnstorableException(
          "is a "
              + wireType().getName()
              + " that holds a "
              + ClassVersions.plainName(String.valueOf(e.getMessage())),
          "");
    } catch (IOException | RuntimeException | StackOverflowError e) {
      throw new UnstorableException(
          "is a " + wireType().getName() + " that cannot be serialized: " + e, "");
    }
    return new Object[] {bytes.toByteArray()};
  }

  @Override
  Object build(long[] bits, @Nullable Object[] parts) throws CorruptValueException {
    if (parts.length != 1 || !(parts[0] instanceof byte[] bytes)) {
      throw new CorruptValueException("a serialized object has no bytes");
    }
    try (Input in = new Input(bytes, wireType().getClassLoader())) {
      Object read = in.readObject();
      if (read == null || !wireType().isInstance(read)) {
        throw new CorruptValueException("a serialized object is not a " + wireType().getName());
      }
      return read;
    } catch (IOException | ClassNotFoundException | RuntimeException | StackOverflowError e) {
      throw new CorruptValueException("a " + wireType().getName() + " does not read back: " + e, e);
    }
  }

  /** Whether a class may stand in a serialized object of a class of this loader. */
  private static boolean isAllowed(Class<?> type, @Nullable ClassLoader loader) {
    Class<?> element = type;
    while (element.isArray()) {
      element = element.getComponentType();
    }
    return Forms.fromJdk(element)
        || (loader instanceof Libraries && element.getClassLoader() == loader);
  }

  private static final class Output extends ObjectOutputStream {
    private final @Nullable ClassLoader loader;

    Output(ByteArrayOutputStream bytes, @Nullable ClassLoader loader) throws IOException {
      super(bytes);
      this.loader = loader;
      enableReplaceObject(true);
    }

    @Override
    protected Object replaceObject(Object object) throws IOException {
      if (!isAllowed(object.getClass(), loader)) {
        throw new NotSerializableException(object.getClass().getName());
      }
      return object;
    }
  }

  private static final class Input extends ObjectInputStream {
    private final @Nullable ClassLoader loader;

    Input(byte[] bytes, @Nullable ClassLoader loader) throws IOException {
      super(new ByteArrayInputStream(bytes));
      this.loader = loader;
      setObjectInputFilter(info -> {
        Class<?> type = info.serialClass();
        boolean foreign = type != null && !isAllowed(type, loader);
        boolean huge = info.arrayLength() > bytes.length || info.depth() > 200;
        return foreign || huge
            ? java.io.ObjectInputFilter.Status.REJECTED
            : java.io.ObjectInputFilter.Status.ALLOWED;
      });
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) throws ClassNotFoundException {
      String name = description.getName();
      for (Class<?> primitive :
          new Class<?>[] {
            int.class,
            long.class,
            double.class,
            float.class,
            boolean.class,
            byte.class,
            short.class,
            char.class,
            void.class
          }) {
        if (primitive.getName().equals(name)) {
          return primitive;
        }
      }
      ClassLoader from =
          loader instanceof Libraries ? loader : ClassLoader.getPlatformClassLoader();
      return Class.forName(name, false, from);
    }
  }
}
