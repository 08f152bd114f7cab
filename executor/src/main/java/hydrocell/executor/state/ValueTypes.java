package hydrocell.executor.state;

import hydrocell.executor.state.Form.FieldKey;
import java.lang.invoke.SerializedLambda;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The classes of a value that is being read: each stands where its first object is, with the fields
 * it had when it was written, and is looked up in its present version. Not thread-safe.
 */
final class ValueTypes {
  /** A class: its form, and where the form's fields stand in the stored ones. */
  record Type(
      Class<?> type,
      @Nullable Form form,
      FieldKey[] stored,
      int @Nullable [] mapping,
      int storedBits) {}

  private final ValueSource in;
  private final SessionLoader loader;
  private final ClassVersions versions;
  private final @Nullable PlainTypes only;
  private final List<Type> types = new ArrayList<>();
  private final List<String> migrated = new ArrayList<>();
  private final List<String> newFields = new ArrayList<>();

  ValueTypes(
      ValueSource in, SessionLoader loader, ClassVersions versions, @Nullable PlainTypes only) {
    this.only = only;
    this.in = in;
    this.loader = loader;
    this.versions = versions;
  }

  /** The class with a number that was read. */
  Type get(int number) {
    return types.get(number);
  }

  /** Types whose objects were written by an earlier version. */
  List<String> migrated() {
    return List.copyOf(migrated);
  }

  /** Fields that the earlier version did not have. */
  List<String> newFields() {
    return List.copyOf(newFields);
  }

  /** Reads the number of a class, and what the value says of it where it stands first. */
  int number() throws CorruptValueException, StaleValueException, ClassNotFoundException {
    long number = in.varint();
    if (number == types.size()) {
      types.add(define());
    } else if (number < 0 || number > types.size()) {
      throw new CorruptValueException("no class has the number " + number);
    }
    return (int) number;
  }

  private Type define() throws CorruptValueException, StaleValueException, ClassNotFoundException {
    String written = in.text();
    String sha256 = in.text();
    int shape = in.u8();
    FieldKey[] stored = new FieldKey[in.count(3)];
    int storedBits = 0;
    for (int i = 0; i < stored.length; i++) {
      stored[i] = new FieldKey(in.count(0), in.text(), in.text());
      if (stored[i].descriptor().isEmpty() || (stored[i].primitive() && storedBits != i)) {
        throw new CorruptValueException("the fields of " + written + " are damaged");
      }
      storedBits += stored[i].primitive() ? 1 : 0;
    }
    if (only != null) {
      only.require(written);
    }
    Class<?> type = resolve(written, sha256);
    Form form = null;
    if (shape >= Form.Shape.values().length) {
      throw new CorruptValueException("no shape has the number " + shape);
    }
    if (type == SerializedLambda.class) {
      form = LambdaForm.READING;
    } else if (!type.isPrimitive() && !type.isInterface() && !type.isEnum()) {
      try {
        form = Forms.of(type);
      } catch (UnstorableException e) {
        form = null;
      }
    }
    if (form == null || form.fields().equals(List.of(stored))) {
      return new Type(type, form, stored, null, storedBits);
    }
    String plain = ClassVersions.plainName(type.getName());
    int[] mapping = FieldMapping.map(stored, form.fields(), plain, newFields);
    return new Type(type, form, stored, mapping, storedBits);
  }

  private Class<?> resolve(String written, String sha256)
      throws ClassNotFoundException, StaleValueException {
    String element = written.replaceFirst("^\\[+L?", "").replaceFirst(";$", "");
    if (sha256.isEmpty()) {
      return loader.named(written);
    }
    String present = versions.presentName(element);
    if (!present.equals(element)) {
      String plain = ClassVersions.plainName(present);
      if (!migrated.contains(plain)) {
        migrated.add(plain);
      }
    }
    try {
      return loader.named(written.replace(element, present));
    } catch (ClassNotFoundException e) {
      if (present.equals(element)) {
        throw e;
      }
      throw new StaleValueException(
          "there is no " + ClassVersions.plainName(present) + " in the new version of its type");
    }
  }
}
