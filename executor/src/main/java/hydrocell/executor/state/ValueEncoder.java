package hydrocell.executor.state;

import hydrocell.cell.ClassRef;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the objects that some names reach, as drawn in this package's description: one walk with
 * a stack of its own, so that a chain of a million objects is no deeper than one. Not thread-safe;
 * for one value.
 */
final class ValueEncoder {
  static final int VERSION = 1;

  /** Steps of a value. */
  static final int END = 0;

  static final int OBJECT = 1;
  static final int SHELL = 2;
  static final int FILL = 3;
  static final int ROOT = 4;

  private static final int IN_PROGRESS = -1;
  private static final int DEEP = 1 << 31;
  private static final int MAX_STEPS_IN_PATH = 12;

  /**
   * An encoded value.
   *
   * @param hash of all bytes
   * @param sizeBytes how many
   * @param chunks the bytes; null when they were more than was to be kept
   * @param classes session classes of objects and of code in the value
   * @param immutable whether nothing in it can ever change
   * @param flat whether the last root's own parts are all that can change
   * @param doubtful whether reading back must be tried
   * @param changeable classes of objects in it that can change
   */
  record Encoded(
      String hash,
      long sizeBytes,
      @Nullable List<ByteBuffer> chunks,
      Map<ClassRef, Class<?>> classes,
      boolean immutable,
      boolean flat,
      boolean doubtful,
      Set<Class<?>> changeable) {}

  /** An object on the stack; {@code filling} when it was announced as a shell before. */
  private static final class Frame {
    final Object object;
    final Form form;
    final @Nullable Object[] parts;
    int next;
    boolean partsDeep = true;
    boolean shelled;

    Frame(Object object, Form form, @Nullable Object[] parts) {
      this.object = object;
      this.form = form;
      this.parts = parts;
    }

    boolean deep() {
      return partsDeep && form.immutable() && form.shape() != Form.Shape.PRIMITIVES;
    }
  }

  private final Sharing sharing;
  private final int part;
  private final ValueSink sink;
  private final SlotWriter slots;
  private final ArrayList<Frame> stack = new ArrayList<>();
  private final ArrayDeque<Object> shellsToFill = new ArrayDeque<>();
  private final long budgetBytes;
  private long[] bits = new long[8];
  private int objects;
  private int root;
  private boolean immutable = true;
  private boolean flat;
  private boolean doubtful;
  private boolean broken;
  private final Set<Class<?>> changeable = new HashSet<>();
  private @Nullable Class<?> lastChangeable;

  /**
   * An encoder for one part of what is shared.
   *
   * @param keepAtMostBytes the bytes are kept up to this size
   */
  ValueEncoder(Sharing sharing, int part, long keepAtMostBytes) {
    this(sharing, part, new ValueSink(keepAtMostBytes), Long.MAX_VALUE);
  }

  /** An encoder that passes the bytes on as it makes them. */
  ValueEncoder(Sharing sharing, int part, Consumer<ByteBuffer> target) {
    this(sharing, part, new ValueSink(target), Long.MAX_VALUE);
  }

  private ValueEncoder(Sharing sharing, int part, ValueSink sink, long budgetBytes) {
    this.sharing = sharing;
    this.part = part;
    this.budgetBytes = budgetBytes;
    this.sink = sink;
    slots = new SlotWriter(sink);
    sink.u8('H');
    sink.u8('C');
    sink.u8(VERSION);
    sink.varint(Runtime.version().feature());
  }

  /** A hash of an object's content, of about its first bytes; equal in every JVM. */
  static String digest(@Nullable Object object, long budgetBytes) {
    ValueEncoder encoder = new ValueEncoder(new Sharing(), 0, new ValueSink(0), budgetBytes);
    try {
      encoder.root("", object, encoder.sharing.root(0));
    } catch (UnstorableException e) {
      return e.reason();
    }
    return encoder.finish().hash;
  }

  /** Encodes what a name holds. */
  void root(String name, @Nullable Object value, int rootNumber) throws UnstorableException {
    root = rootNumber;
    try {
      if (value != null && !SlotWriter.plain(value)) {
        visit(value);
        walk();
        while (!shellsToFill.isEmpty()) {
          Object shell = shellsToFill.poll();
          Frame frame = enter(shell);
          frame.shelled = true;
          walk();
        }
      }
    } catch (UnstorableException e) {
      throw e.from(name + path());
    }
    sink.u8(ROOT);
    sink.text(name);
    slots.start(objects);
    slot(value);
  }

  private Frame enter(Object object) throws UnstorableException {
    Form form = Forms.of(object.getClass());
    Frame frame = new Frame(object, form, form.parts(object));
    doubtful |= form.doubtful();
    stack.add(frame);
    return frame;
  }

  private void walk() throws UnstorableException {
    while (!stack.isEmpty()) {
      Frame frame = stack.getLast();
      if (frame.next == frame.parts.length || sink.size() > budgetBytes) {
        complete(frame);
        continue;
      }
      Object child = frame.parts[frame.next++];
      if (child != null && !SlotWriter.plain(child)) {
        frame.partsDeep &= visit(child);
      }
    }
  }

  /** Makes sure that an object has a number or is on the stack; whether it is deeply immutable. */
  private boolean visit(Object object) throws UnstorableException {
    int at = sharing.objects.find(object);
    if (at >= 0 && sharing.objects.number(at) != Identities.ABSENT) {
      int encodedRoot = sharing.objects.root(at);
      int from = encodedRoot & ~DEEP;
      boolean deep = (encodedRoot & DEEP) != 0;
      Form form = Forms.of(object.getClass());
      boolean sharable = form.sharable(object) && !deep;
      if (sharing.part(from) == part) {
        if (sharable && from != root) {
          sharing.join(from, root);
        }
        if (sharing.objects.number(at) == IN_PROGRESS) {
          announce(object);
          return false;
        }
        return deep;
      }
      if (sharable) {
        sharing.join(from, root);
        broken = true;
        return false;
      }
    }
    Form form = Forms.of(object.getClass());
    if (form.inline(object)) {
      if (form instanceof LeafForm && !LeafForm.complete(object)) {
        throw new UnstorableException(
            "is a " + object.getClass().getName() + " that is more than its name says", "");
      }
      return true;
    }
    sharing.objects.put(object, IN_PROGRESS, root);
    enter(object);
    return true;
  }

  /**
   * An object on the stack is reached again: it is announced as a shell. If it needs its parts to
   * be made, one above it on the stack is announced instead and filled at the end.
   */
  private void announce(Object object) throws UnstorableException {
    int at = stack.size() - 1;
    while (at >= 0 && stack.get(at).object != object) {
      at--;
    }
    Frame frame = stack.get(at);
    frame.partsDeep = false;
    for (int i = at + 1; i < stack.size(); i++) {
      doubtful |= !shellable(stack.get(i).form);
    }
    if (shellable(frame.form)) {
      shell(frame);
      frame.shelled = true;
      return;
    }
    int cut = at + 1;
    while (cut < stack.size() && !shellable(stack.get(cut).form)) {
      cut++;
    }
    if (cut == stack.size()) {
      throw new UnstorableException(
          "is part of a cycle of records and other objects that cannot exist unfinished", "");
    }
    doubtful = true;
    Frame cutFrame = stack.get(cut);
    if (!cutFrame.shelled) {
      shell(cutFrame);
    }
    shellsToFill.add(cutFrame.object);
    for (int i = stack.size() - 1; i > cut; i--) {
      Frame undone = stack.removeLast();
      if (undone.shelled) {
        shellsToFill.add(undone.object);
      } else {
        sharing.objects.put(undone.object, Identities.ABSENT, root);
      }
    }
    stack.removeLast();
    for (Frame below : stack) {
      below.partsDeep = false;
    }
  }

  private static boolean shellable(Form form) {
    return form.hasShell() || form instanceof ArrayForm;
  }

  private void shell(Frame frame) {
    sink.u8(SHELL);
    slots.type(frame.form);
    sink.varint(frame.form instanceof ArrayForm ? frame.parts.length : 0);
    sharing.objects.put(frame.object, objects++, root);
  }

  private void complete(Frame frame) throws UnstorableException {
    Form form = frame.form;
    if (frame.shelled) {
      sink.u8(FILL);
      sink.varint(sharing.objects.numberOf(frame.object));
    } else {
      sink.u8(OBJECT);
      slots.type(form);
    }
    writeBits(frame);
    if (form.shape() != Form.Shape.PRIMITIVES) {
      sink.varint(frame.parts.length);
      slots.start(objects);
      for (Object part : frame.parts) {
        slot(part);
      }
    }
    for (Class<?> needed : form.needs(frame.object)) {
      slots.need(needed);
    }
    stack.removeLast();
    if (!form.immutable()) {
      immutable = false;
      noteChangeable(frame.object.getClass());
    }
    if (!frame.shelled) {
      sharing.objects.put(frame.object, objects++, root | (frame.deep() ? DEEP : 0));
    }
    if (stack.isEmpty()) {
      flat = frame.partsDeep && !frame.shelled;
    } else {
      stack.getLast().partsDeep &= frame.deep();
    }
  }

  private void noteChangeable(Class<?> type) {
    // Objects of one class come in a row mostly.
    if (type != lastChangeable) {
      lastChangeable = type;
      changeable.add(type);
    }
  }

  private void writeBits(Frame frame) {
    Form form = frame.form;
    if (form instanceof ArrayForm array && form.shape() == Form.Shape.PRIMITIVES) {
      int length = java.lang.reflect.Array.getLength(frame.object);
      sink.varint(length);
      sink.elements(frame.object, array.widthBytes(), length);
      return;
    }
    List<Form.FieldKey> fields = form.fields();
    if (fields.isEmpty() || !fields.getFirst().primitive()) {
      return;
    }
    if (bits.length < fields.size()) {
      bits = Arrays.copyOf(bits, fields.size());
    }
    form.bits(frame.object, bits);
    for (int i = 0; i < fields.size() && fields.get(i).primitive(); i++) {
      switch (fields.get(i).descriptor().charAt(0)) {
        case 'Z', 'B' -> sink.u8((int) bits[i]);
        case 'S', 'C' -> sink.u16((int) bits[i]);
        case 'I', 'F' -> sink.u32((int) bits[i]);
        default -> sink.u64(bits[i]);
      }
    }
  }

  private void slot(@Nullable Object value) throws UnstorableException {
    if (value == null || SlotWriter.plain(value)) {
      slots.plainSlot(value);
      return;
    }
    Form form = Forms.of(value.getClass());
    if (form.inline(value)) {
      slots.leaf((LeafForm) form, value);
      return;
    }
    int number = sharing.objects.numberOf(value);
    if (number < 0 && !broken && budgetBytes == Long.MAX_VALUE) {
      throw new UnstorableException("changed while it was being stored", "");
    }
    slots.reference(number);
  }

  private String path() {
    StringBuilder path = new StringBuilder();
    int from = Math.max(0, stack.size() - MAX_STEPS_IN_PATH);
    if (from > 0) {
      path.append("…");
    }
    for (int i = from; i < stack.size(); i++) {
      Frame frame = stack.get(i);
      if (frame.next > 0) {
        path.append(frame.form.step(frame.object, frame.next - 1));
      }
    }
    return path.toString();
  }

  /** Whether objects of other parts were met, so that this value means nothing. */
  boolean broken() {
    return broken;
  }

  /** Ends the value. */
  Encoded finish() {
    sink.u8(END);
    String hash = sink.finish();
    return new Encoded(
        hash,
        sink.size(),
        sink.kept() && !broken ? sink.chunks() : null,
        slots.classes(),
        immutable,
        flat,
        doubtful,
        changeable);
  }
}
