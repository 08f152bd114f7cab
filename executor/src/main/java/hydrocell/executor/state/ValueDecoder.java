package hydrocell.executor.state;

import hydrocell.anna.AnnaException;
import hydrocell.executor.state.Form.FieldKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes what {@link ValueEncoder} wrote, in one pass without recursion, and trusts nothing in it:
 * counts are held against the bytes left, and only classes of the session and the JDK come to be.
 * Not thread-safe; for one value.
 */
final class ValueDecoder {
  /**
   * What was read.
   *
   * @param roots the values by name
   * @param migrated plain names of types whose objects were written by an earlier version
   * @param newFields fields that the earlier version did not have, as {@code Point.z}
   */
  record Decoded(
      Map<String, @Nullable Object> roots, List<String> migrated, List<String> newFields) {}

  private record Deferred(
      Object shell, ValueTypes.Type type, long[] bits, @Nullable Object[] parts) {}

  private final ValueSource in;
  private final SessionLoader loader;
  private final ValueTypes types;
  private final @Nullable String[] recent = new @Nullable String[SlotWriter.RECENT];
  private final Map<String, @Nullable Object> roots = new LinkedHashMap<>();
  private final List<Deferred> deferred = new ArrayList<>();
  private final BitSet unfilled = new BitSet();
  private @Nullable Object[] objects = new @Nullable Object[64];
  private int[] typeOf = new int[64];
  private int count;
  private int open;
  private long predecessor;

  ValueDecoder(ValueSource in, SessionLoader loader, ClassVersions versions) {
    this(in, loader, versions, null);
  }

  /**
   * A decoder.
   *
   * @param only the classes that the value may name; null for all
   */
  ValueDecoder(
      ValueSource in, SessionLoader loader, ClassVersions versions, @Nullable PlainTypes only) {
    this.in = in;
    this.loader = loader;
    types = new ValueTypes(in, loader, versions, only);
  }

  /**
   * Reads the whole value.
   *
   * @throws CorruptValueException when the bytes are no value
   * @throws StaleValueException when an object does not fit the present version of its type
   * @throws AnnaException when the bytes cannot be fetched
   */
  Decoded decode() throws CorruptValueException, StaleValueException {
    try {
      if (in.u8() != 'H' || in.u8() != 'C') {
        throw new CorruptValueException("it does not start as a value");
      }
      int version = in.u8();
      if (version != ValueEncoder.VERSION) {
        throw new CorruptValueException(
            "it has format %d and this build reads %d; use the newer build"
                .formatted(version, ValueEncoder.VERSION));
      }
      in.varint();
      steps();
      in.end();
      if (open > 0) {
        throw new CorruptValueException("an object was announced and never filled");
      }
      for (Deferred late : deferred) {
        fill(late.shell, late.type, late.bits, late.parts);
      }
    } catch (CorruptValueException | StaleValueException | AnnaException e) {
      throw e;
    } catch (ClassNotFoundException | LinkageError e) {
      throw new CorruptValueException("a class it needs cannot be loaded: " + e.getMessage(), e);
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      throw new CorruptValueException("it does not fit together: " + e, e);
    }
    return new Decoded(roots, types.migrated(), types.newFields());
  }

  private void steps() throws Throwable {
    while (true) {
      int step = in.u8();
      switch (step) {
        case ValueEncoder.END -> {
          return;
        }
        case ValueEncoder.OBJECT -> object();
        case ValueEncoder.SHELL -> shell();
        case ValueEncoder.FILL -> fill();
        case ValueEncoder.ROOT -> {
          String name = in.text();
          predecessor = count;
          roots.put(name, slot());
        }
        default -> throw new CorruptValueException("no step has the number " + step);
      }
    }
  }

  private void add(Object object, int type) {
    if (count == objects.length) {
      objects = Arrays.copyOf(objects, count * 2);
      typeOf = Arrays.copyOf(typeOf, count * 2);
    }
    typeOf[count] = type;
    objects[count++] = object;
  }

  private Form form(ValueTypes.Type type) throws CorruptValueException {
    if (type.form() == null) {
      throw new CorruptValueException("objects of " + type.type().getName() + " are never stored");
    }
    return type.form();
  }

  private void object() throws Throwable {
    int number = types.number();
    ValueTypes.Type type = types.get(number);
    Form form = form(type);
    if (form instanceof ArrayForm array && form.shape() == Form.Shape.PRIMITIVES) {
      int length = in.count(array.widthBytes());
      Object made = array.make(length);
      in.elements(made, array.widthBytes(), length);
      add(made, number);
      return;
    }
    long[] bits = bits(type);
    @Nullable Object[] parts = parts();
    if (form == LambdaForm.READING) {
      add(LambdaForm.build(parts, loader), number);
    } else if (mustWait(form, parts)) {
      Object made = form.shell();
      deferred.add(new Deferred(made, type, bits, parts));
      add(made, number);
    } else {
      add(build(type, form, bits, parts), number);
    }
  }

  private Object build(ValueTypes.Type type, Form form, long[] bits, @Nullable Object[] parts)
      throws Throwable {
    try {
      return form.build(mapBits(type, bits), mapParts(type, parts));
    } catch (CorruptValueException | StaleValueException | VirtualMachineError e) {
      throw e;
    } catch (Throwable e) {
      if (Forms.fromJdk(type.type())) {
        throw e;
      }
      throw new StaleValueException(
          "the constructor of %s refuses a stored object: %s"
              .formatted(type.type().getSimpleName(), e));
    }
  }

  /** A collection that asks its elements for their hash waits until those in cycles are whole. */
  private boolean mustWait(Form form, @Nullable Object[] parts) {
    if (open == 0 || !form.hasShell() || !JdkForms.asksElements(form.wireType())) {
      return false;
    }
    for (Object part : parts) {
      if (part != null && !SlotWriter.plain(part)) {
        return true;
      }
    }
    return false;
  }

  private void shell() throws Throwable {
    int number = types.number();
    Form form = form(types.get(number));
    int size = in.count(1);
    Object made = form instanceof ArrayForm array ? array.make(size) : form.shell();
    unfilled.set(count);
    open++;
    add(made, number);
  }

  private void fill() throws Throwable {
    long number = in.varint();
    if (number < 0 || number >= count || !unfilled.get((int) number)) {
      throw new CorruptValueException("an object is filled that was not announced");
    }
    ValueTypes.Type type = types.get(typeOf[(int) number]);
    Object shell = objects[(int) number];
    long[] bits = bits(type);
    @Nullable Object[] parts = parts();
    unfilled.clear((int) number);
    open--;
    if (shell == null) {
      throw new CorruptValueException("an object is missing");
    }
    if (mustWait(form(type), parts)) {
      deferred.add(new Deferred(shell, type, bits, parts));
    } else {
      fill(shell, type, bits, parts);
    }
  }

  private void fill(Object shell, ValueTypes.Type type, long[] bits, @Nullable Object[] parts)
      throws Throwable {
    Form form = form(type);
    if (form instanceof ArrayForm array) {
      if (parts.length != java.lang.reflect.Array.getLength(shell)) {
        throw new CorruptValueException("an array has another length than announced");
      }
      array.copy(shell, parts);
    } else {
      form.fill(shell, mapBits(type, bits), mapParts(type, parts));
    }
  }

  private long[] bits(ValueTypes.Type type) throws CorruptValueException {
    long[] bits = new long[type.storedBits()];
    for (int i = 0; i < bits.length; i++) {
      bits[i] =
          switch (type.stored()[i].descriptor().charAt(0)) {
            case 'Z', 'B' -> (byte) in.u8();
            case 'S', 'C' -> (short) in.u16();
            case 'I', 'F' -> in.u32();
            default -> in.u64();
          };
    }
    return bits;
  }

  private @Nullable Object[] parts() throws Throwable {
    int length = in.count(1);
    @Nullable Object[] parts = new @Nullable Object[length];
    predecessor = count;
    for (int i = 0; i < length; i++) {
      parts[i] = slot();
    }
    return parts;
  }

  private long[] mapBits(ValueTypes.Type type, long[] bits) {
    if (type.mapping() == null || type.form() == null) {
      return bits;
    }
    List<FieldKey> wanted = type.form().fields();
    int primitives = primitives(wanted);
    long[] mapped = new long[primitives];
    for (int i = 0; i < primitives; i++) {
      int from = type.mapping()[i];
      mapped[i] =
          from < 0
              ? 0
              : FieldMapping.convert(
                  bits[from],
                  type.stored()[from].descriptor().charAt(0),
                  wanted.get(i).descriptor().charAt(0));
    }
    return mapped;
  }

  private @Nullable Object[] mapParts(ValueTypes.Type type, @Nullable Object[] parts)
      throws CorruptValueException {
    if (type.form() == null) {
      return parts;
    }
    int storedParts = type.stored().length - type.storedBits();
    if (parts.length < storedParts) {
      throw new CorruptValueException("an object has too few parts");
    }
    if (type.mapping() == null) {
      return parts;
    }
    int primitives = primitives(type.form().fields());
    int wanted = type.form().fields().size() - primitives;
    int inherited = parts.length - storedParts;
    @Nullable Object[] mapped = new @Nullable Object[wanted + inherited];
    for (int i = 0; i < wanted; i++) {
      int from = type.mapping()[primitives + i];
      mapped[i] = from < 0 ? null : parts[from - type.storedBits()];
    }
    System.arraycopy(parts, storedParts, mapped, wanted, inherited);
    return mapped;
  }

  private static int primitives(List<FieldKey> fields) {
    int primitives = 0;
    while (primitives < fields.size() && fields.get(primitives).primitive()) {
      primitives++;
    }
    return primitives;
  }

  private @Nullable Object slot() throws Throwable {
    int tag = in.u8();
    return switch (tag) {
      case SlotWriter.NULL -> null;
      case SlotWriter.STRING -> remember(in.text());
      case SlotWriter.STRING_WIDE -> {
        char[] chars = new char[in.count(2)];
        in.elements(chars, 2, chars.length);
        yield remember(new String(chars));
      }
      case SlotWriter.STRING_AGAIN -> {
        int place = in.count(0);
        String again = place < recent.length ? recent[place] : null;
        if (again == null) {
          throw new CorruptValueException("a repeated text was never there");
        }
        yield again;
      }
      case SlotWriter.TRUE -> true;
      case SlotWriter.FALSE -> false;
      case SlotWriter.BYTE -> (byte) in.u8();
      case SlotWriter.SHORT -> (short) in.u16();
      case SlotWriter.CHAR -> (char) in.u16();
      case SlotWriter.INT -> (int) in.zigzag();
      case SlotWriter.LONG -> in.zigzag();
      case SlotWriter.FLOAT -> Float.intBitsToFloat(in.u32());
      case SlotWriter.DOUBLE -> Double.longBitsToDouble(in.u64());
      case SlotWriter.CLASS -> types.get(types.number()).type();
      case SlotWriter.ENUM -> constant(types.get(types.number()).type(), in.text());
      case SlotWriter.REF -> reference();
      case SlotWriter.LEAF -> LeafForm.read(in.varint(), in.text());
      default -> throw new CorruptValueException("no slot has the number " + tag);
    };
  }

  private String remember(String text) {
    if (text.length() <= SlotWriter.RECENT_LONGEST) {
      recent[text.hashCode() & (SlotWriter.RECENT - 1)] = text;
    }
    return text;
  }

  private @Nullable Object reference() throws CorruptValueException {
    predecessor += in.zigzag();
    if (predecessor < 0 || predecessor >= count) {
      throw new CorruptValueException("a reference to object " + predecessor + " of " + count);
    }
    return objects[(int) predecessor];
  }

  private static Object constant(Class<?> type, String name) throws Exception {
    if (!type.isEnum()) {
      throw new CorruptValueException(type + " has no constants");
    }
    for (Object constant : type.getEnumConstants()) {
      if (((Enum<?>) constant).name().equals(name)) {
        return constant;
      }
    }
    throw new StaleValueException(type.getSimpleName() + " has no constant " + name + " any more");
  }
}
