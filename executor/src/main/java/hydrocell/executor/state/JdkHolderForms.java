package hydrocell.executor.state;

import java.io.ByteArrayOutputStream;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.util.Date;
import java.util.DoubleSummaryStatistics;
import java.util.IntSummaryStatistics;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Forms of small mutable holders of the JDK. */
final class JdkHolderForms {
  private JdkHolderForms() {}

  private static void put(Map<Class<?>, Form> forms, Form form) {
    forms.put(form.wireType(), form);
  }

  static void addTo(Map<Class<?>, Form> forms) {
    atomics(forms);
    texts(forms);
    queues(forms);
    put(
        forms,
        PartsForm.<Random>filled(
            Random.class,
            r ->
                new Object[] {
                  seed(r), gaussian(r), Jdk.field(r, Random.class, "haveNextNextGaussian")
                },
            () -> new Random(0),
            JdkHolderForms::fillRandom));
    put(
        forms,
        PartsForm.<Date>filled(
            Date.class,
            d -> new Object[] {d.getTime()},
            () -> new Date(0),
            (d, p) -> d.setTime((long) given(p[0]))));
    put(
        forms,
        PartsForm.<IntSummaryStatistics>built(
            IntSummaryStatistics.class,
            s -> new Object[] {s.getCount(), s.getMin(), s.getMax(), s.getSum()},
            p ->
                new IntSummaryStatistics(
                    (long) given(p[0]), (int) given(p[1]), (int) given(p[2]), (long) given(p[3]))));
    put(
        forms,
        PartsForm.<LongSummaryStatistics>built(
            LongSummaryStatistics.class,
            s -> new Object[] {s.getCount(), s.getMin(), s.getMax(), s.getSum()},
            p ->
                new LongSummaryStatistics(
                    (long) given(p[0]),
                    (long) given(p[1]),
                    (long) given(p[2]),
                    (long) given(p[3]))));
    put(
        forms,
        PartsForm.<DoubleSummaryStatistics>built(
            DoubleSummaryStatistics.class,
            s -> new Object[] {s.getCount(), s.getMin(), s.getMax(), s.getSum()},
            p ->
                new DoubleSummaryStatistics(
                    (long) given(p[0]),
                    (double) given(p[1]),
                    (double) given(p[2]),
                    (double) given(p[3]))));
    put(
        forms,
        PartsForm.<CompletableFuture<Object>>built(
            CompletableFuture.class,
            f -> {
              if (!f.isDone() || f.isCompletedExceptionally()) {
                throw new UnstorableException("is a future that has no value", "");
              }
              return new @Nullable Object[] {f.join()};
            },
            p -> CompletableFuture.completedFuture(p[0])));
  }

  private static Object seed(Random random) {
    return ((AtomicLong) Jdk.field(random, Random.class, "seed")).get();
  }

  private static Object gaussian(Random random) {
    return Jdk.field(random, Random.class, "nextNextGaussian");
  }

  private static void fillRandom(Random random, @Nullable Object[] parts) throws Exception {
    ((AtomicLong) Jdk.field(random, Random.class, "seed")).set((long) given(parts[0]));
    Jdk.putBits(
        random,
        Jdk.offset(Random.class.getDeclaredField("nextNextGaussian")),
        'D',
        Double.doubleToRawLongBits((double) given(parts[1])));
    Jdk.putBits(
        random,
        Jdk.offset(Random.class.getDeclaredField("haveNextNextGaussian")),
        'Z',
        (boolean) given(parts[2]) ? 1 : 0);
  }

  private static void atomics(Map<Class<?>, Form> forms) {
    put(
        forms,
        PartsForm.<AtomicInteger>filled(
            AtomicInteger.class,
            a -> new Object[] {a.get()},
            AtomicInteger::new,
            (a, p) -> a.set((int) given(p[0]))));
    put(
        forms,
        PartsForm.<AtomicLong>filled(
            AtomicLong.class,
            a -> new Object[] {a.get()},
            AtomicLong::new,
            (a, p) -> a.set((long) given(p[0]))));
    put(
        forms,
        PartsForm.<AtomicBoolean>filled(
            AtomicBoolean.class,
            a -> new Object[] {a.get()},
            AtomicBoolean::new,
            (a, p) -> a.set((boolean) given(p[0]))));
    put(
        forms,
        PartsForm.<AtomicReference<@Nullable Object>>filled(
            AtomicReference.class,
            a -> new @Nullable Object[] {a.get()},
            AtomicReference::new,
            (a, p) -> a.set(p[0])));
    put(
        forms,
        PartsForm.<LongAdder>filled(
            LongAdder.class,
            a -> new Object[] {a.sum()},
            LongAdder::new,
            (a, p) -> a.add((long) given(p[0]))));
    put(
        forms,
        PartsForm.<AtomicIntegerArray>built(
            AtomicIntegerArray.class,
            a -> new Object[] {Jdk.field(a, AtomicIntegerArray.class, "array")},
            p -> new AtomicIntegerArray((int[]) given(p[0]))));
    put(
        forms,
        PartsForm.<AtomicLongArray>built(
            AtomicLongArray.class,
            a -> new Object[] {Jdk.field(a, AtomicLongArray.class, "array")},
            p -> new AtomicLongArray((long[]) given(p[0]))));
    put(
        forms,
        PartsForm.<AtomicReferenceArray<?>>built(
            AtomicReferenceArray.class,
            a -> {
              @Nullable Object[] all = new @Nullable Object[a.length()];
              for (int i = 0; i < all.length; i++) {
                all[i] = a.get(i);
              }
              return all;
            },
            AtomicReferenceArray::new));
  }

  private static void texts(Map<Class<?>, Form> forms) {
    put(
        forms,
        PartsForm.<StringBuilder>filled(
            StringBuilder.class,
            b -> new Object[] {b.toString()},
            StringBuilder::new,
            (b, p) -> b.append((String) given(p[0]))));
    put(
        forms,
        PartsForm.<StringBuffer>filled(
            StringBuffer.class,
            b -> new Object[] {b.toString()},
            StringBuffer::new,
            (b, p) -> b.append((String) given(p[0]))));
    put(
        forms,
        PartsForm.<StringWriter>filled(
            StringWriter.class,
            w -> new Object[] {w.toString()},
            StringWriter::new,
            (w, p) -> w.write((String) given(p[0]))));
    put(
        forms,
        PartsForm.<ByteArrayOutputStream>filled(
            ByteArrayOutputStream.class,
            o -> new Object[] {o.toByteArray()},
            ByteArrayOutputStream::new,
            (o, p) -> o.writeBytes((byte[]) given(p[0]))));
    put(
        forms,
        PartsForm.<StringJoiner>built(
            StringJoiner.class, JdkHolderForms::takeJoiner, JdkHolderForms::buildJoiner));
  }

  private static @Nullable Object[] takeJoiner(StringJoiner joiner) {
    int size = (int) Jdk.field(joiner, StringJoiner.class, "size");
    @Nullable Object[] parts = new @Nullable Object[4 + size];
    parts[0] = Jdk.field(joiner, StringJoiner.class, "prefix");
    parts[1] = Jdk.field(joiner, StringJoiner.class, "delimiter");
    parts[2] = Jdk.field(joiner, StringJoiner.class, "suffix");
    parts[3] = Jdk.field(joiner, StringJoiner.class, "emptyValue");
    if (size > 0) {
      System.arraycopy(Jdk.field(joiner, StringJoiner.class, "elts"), 0, parts, 4, size);
    }
    return parts;
  }

  private static Object buildJoiner(@Nullable Object[] parts) throws CorruptValueException {
    StringJoiner joiner =
        new StringJoiner(
            (String) given(parts[1]), (String) given(parts[0]), (String) given(parts[2]));
    for (int i = 4; i < parts.length; i++) {
      joiner.add((String) given(parts[i]));
    }
    return parts[3] == null ? joiner : joiner.setEmptyValue((String) given(parts[3]));
  }

  private static void queues(Map<Class<?>, Form> forms) {
    put(
        forms,
        PartsForm.<ArrayBlockingQueue<Object>>built(
            ArrayBlockingQueue.class,
            q -> sized(q.size() + q.remainingCapacity(), q.toArray()),
            p -> {
              var queue = new ArrayBlockingQueue<Object>((int) given(p[0]));
              JdkForms.addAll(queue, p, 1);
              return queue;
            }));
    put(
        forms,
        PartsForm.<LinkedBlockingQueue<Object>>built(
            LinkedBlockingQueue.class,
            q -> sized((int) Jdk.field(q, LinkedBlockingQueue.class, "capacity"), q.toArray()),
            p -> {
              var queue = new LinkedBlockingQueue<Object>((int) given(p[0]));
              JdkForms.addAll(queue, p, 1);
              return queue;
            }));
    put(
        forms,
        PartsForm.<LinkedBlockingDeque<Object>>built(
            LinkedBlockingDeque.class,
            q -> sized((int) Jdk.field(q, LinkedBlockingDeque.class, "capacity"), q.toArray()),
            p -> {
              var queue = new LinkedBlockingDeque<Object>((int) given(p[0]));
              JdkForms.addAll(queue, p, 1);
              return queue;
            }));
    put(
        forms,
        PartsForm.<Properties>filled(
            Properties.class,
            m -> Order.entries(JdkForms.entries(m, Jdk.field(m, Properties.class, "defaults"))),
            Properties::new,
            (m, p) -> {
              if (p[0] != null) {
                Jdk.put(m, Jdk.offset(Properties.class.getDeclaredField("defaults")), given(p[0]));
              }
              JdkForms.putAll(m, p, 1);
            }));
    put(
        forms,
        PartsForm.<ByteBuffer>built(
            ByteBuffer.allocate(0).getClass(),
            b -> {
              byte[] all = new byte[b.capacity()];
              b.duplicate().clear().get(all);
              boolean little = b.order() == java.nio.ByteOrder.LITTLE_ENDIAN;
              return new Object[] {all, b.position(), b.limit(), little};
            },
            p ->
                ByteBuffer.wrap((byte[]) given(p[0]))
                    .order(
                        (boolean) given(p[3])
                            ? java.nio.ByteOrder.LITTLE_ENDIAN
                            : java.nio.ByteOrder.BIG_ENDIAN)
                    .limit((int) given(p[2]))
                    .position((int) given(p[1]))));
  }

  private static @Nullable Object[] sized(int capacity, @Nullable Object[] elements) {
    @Nullable Object[] parts = new @Nullable Object[elements.length + 1];
    parts[0] = capacity;
    System.arraycopy(elements, 0, parts, 1, elements.length);
    return parts;
  }

  private static Object given(@Nullable Object part) throws CorruptValueException {
    if (part == null) {
      throw new CorruptValueException("a part is missing");
    }
    return part;
  }
}
