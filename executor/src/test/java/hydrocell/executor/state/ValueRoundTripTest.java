package hydrocell.executor.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.awt.image.BufferedImage;
import java.io.File;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.SimpleDateFormat;
import java.time.*;
import java.util.*;
import java.util.concurrent.*;
import java.util.concurrent.atomic.*;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ValueRoundTripTest {
  private static final SessionLoader LOADER = new SessionLoader(ref -> null);

  static List<ByteBuffer> encode(@Nullable Object value) throws UnstorableException {
    return encoded(value).chunks();
  }

  static ValueEncoder.Encoded encoded(@Nullable Object value) throws UnstorableException {
    Sharing sharing = new Sharing();
    ValueEncoder encoder = new ValueEncoder(sharing, 0, Long.MAX_VALUE);
    encoder.root("v:x", value, sharing.root(0));
    return encoder.finish();
  }

  static @Nullable Object decode(List<ByteBuffer> chunks) throws Exception {
    return new ValueDecoder(ValueSource.of(chunks), LOADER, new ClassVersions())
        .decode()
        .roots()
        .get("v:x");
  }

  @SuppressWarnings("unchecked")
  static <T> T copy(T value) throws Exception {
    return (T) decode(encode(value));
  }

  private static DynamicTest same(Object value) {
    return by(value, v -> v);
  }

  /** The copy has the same class and looks the same; and encodes to the same hash. */
  private static <T> DynamicTest by(T value, Function<T, Object> look) {
    return DynamicTest.dynamicTest(
        value.getClass().getName() + " " + String.valueOf(look.apply(value)),
        () -> {
          T copy = copy(value);
          assertTrue(value.getClass() == copy.getClass() || value.getClass().isHidden());
          assertEquals(look.apply(value), look.apply(copy));
          assertEquals(encoded(value).hash(), encoded(copy).hash());
        });
  }

  private static <T> T fill(T target, java.util.function.Consumer<T> fill) {
    fill.accept(target);
    return target;
  }

  @TestFactory
  Stream<DynamicTest> plainValues() {
    return Stream.of(
            1,
            -1L,
            1.5,
            -0.0f,
            (short) 3,
            (byte) 4,
            'c',
            true,
            "text",
            "",
            "ünïcode",
            "漢字",
            "\uD800 lone",
            "caf\u00e9?",
            BigInteger.TEN.pow(100),
            new BigDecimal("1.200"),
            UUID.randomUUID(),
            URI.create("http://a/b?c"),
            LocalDate.now(),
            LocalTime.now(),
            LocalDateTime.now(),
            Instant.now(),
            OffsetDateTime.now(),
            OffsetTime.now(),
            ZonedDateTime.of(2024, 10, 27, 2, 30, 0, 0, ZoneId.of("Europe/Berlin"))
                .withLaterOffsetAtOverlap(),
            Duration.ofMillis(-1500),
            Period.of(1, 2, 3),
            Year.of(-5),
            YearMonth.of(2024, 2),
            MonthDay.of(2, 29),
            ZoneOffset.ofHours(3),
            ZoneId.of("Asia/Tokyo"),
            Month.MAY,
            DayOfWeek.FRIDAY,
            StandardCharsets.UTF_16,
            Currency.getInstance("EUR"),
            Locale.GERMANY,
            Path.of("a/b"),
            new File("/tmp/x"),
            TimeUnit.DAYS,
            int.class,
            String[].class,
            List.of(),
            List.of(1),
            List.of(1, 2, 3),
            Set.of(),
            Set.of(5),
            Set.of("a", "b", "c"),
            Map.of(),
            Map.of("k", 1),
            Map.of(1, "a", 2, "b"),
            Map.entry("k", "v"),
            Optional.empty(),
            Optional.of("x"),
            OptionalInt.of(3),
            OptionalLong.empty(),
            OptionalDouble.of(2.5),
            new ArrayList<>(Arrays.asList(1, null, "x")),
            new LinkedList<>(List.of(1, 2)),
            new Vector<>(List.of(1)),
            fill(new Stack<Integer>(), s -> s.push(4)),
            new HashMap<>(Map.of("a", 1, "b", List.of(2))),
            new TreeMap<>(Map.of(3, "c", 1, "a")),
            new HashSet<>(List.of("x", "y")),
            new LinkedHashSet<>(List.of(3, 1, 2)),
            new TreeSet<>(List.of("b", "a")),
            new LinkedHashMap<>(Map.of("z", 1)),
            new Hashtable<>(Map.of(1, 2)),
            new ConcurrentHashMap<>(Map.of("c", 3)),
            new ConcurrentSkipListMap<>(Map.of(2, 1)),
            new ConcurrentSkipListSet<>(List.of(4, 2)),
            new CopyOnWriteArrayList<>(List.of(1, 2)),
            new CopyOnWriteArraySet<>(List.of(1)),
            new EnumMap<>(Map.of(TimeUnit.DAYS, 1)),
            EnumSet.of(TimeUnit.HOURS),
            EnumSet.noneOf(TimeUnit.class),
            BitSet.valueOf(new long[] {5, 9}),
            Collections.emptyList(),
            Collections.emptySet(),
            Collections.emptyMap(),
            Collections.singletonList(1),
            Collections.singleton("s"),
            Collections.singletonMap("k", 2),
            Collections.nCopies(3, "n"),
            Arrays.asList(1, 2, 3),
            Collections.unmodifiableList(new ArrayList<>(List.of(1))),
            Collections.unmodifiableList(new LinkedList<>(List.of(1))),
            Collections.unmodifiableSet(new HashSet<>(List.of(1))),
            Collections.unmodifiableMap(new HashMap<>(Map.of(1, 2))),
            Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(1, 2))),
            Collections.synchronizedList(new ArrayList<>(List.of(1))),
            Collections.synchronizedMap(new HashMap<>(Map.of(1, 2))),
            fill(Collections.newSetFromMap(new HashMap<String, Boolean>()), s -> s.add("a")),
            Stream.of(1, 2, 3).toList(),
            Arrays.asList(1, null).stream().toList(),
            new AbstractMap.SimpleEntry<>("a", 1),
            new AbstractMap.SimpleImmutableEntry<>("a", 1),
            new Date(5),
            fill(new Properties(), p -> p.setProperty("a", "b")),
            new GregorianCalendar(2024, 1, 2),
            TimeZone.getTimeZone("Asia/Tokyo"),
            new SimpleDateFormat("yyyy"),
            new DecimalFormat("0.00"),
            InetAddress.getLoopbackAddress())
        .map(ValueRoundTripTest::same);
  }

  @TestFactory
  Stream<DynamicTest> valuesByTheirLook() {
    return Stream.of(
        by(new int[] {1, 2}, Arrays::toString),
        by(new double[] {1.5}, Arrays::toString),
        by(new boolean[] {true, false}, Arrays::toString),
        by(new char[] {'a'}, Arrays::toString),
        by(new byte[] {1}, Arrays::toString),
        by(new short[] {2}, Arrays::toString),
        by(new long[] {3}, Arrays::toString),
        by(new float[] {4f}, Arrays::toString),
        by(new String[] {"a", null}, Arrays::toString),
        by(new int[][] {{1}, {2, 3}}, Arrays::deepToString),
        by(new Object[] {1, "a", new int[] {2}}, Arrays::deepToString),
        by(new StringBuilder("ab"), StringBuilder::toString),
        by(new StringBuffer("ab"), StringBuffer::toString),
        by(new StringJoiner(",", "[", "]").add("a").add("b"), StringJoiner::toString),
        by(new AtomicInteger(4), AtomicInteger::get),
        by(new AtomicLong(4), AtomicLong::get),
        by(new AtomicBoolean(true), AtomicBoolean::get),
        by(new AtomicReference<>("r"), AtomicReference::get),
        by(new AtomicIntegerArray(new int[] {1}), AtomicIntegerArray::toString),
        by(new AtomicLongArray(new long[] {1}), AtomicLongArray::toString),
        by(fill(new LongAdder(), a -> a.add(5)), LongAdder::sum),
        by(new ArrayDeque<>(List.of(1, 2)), ArrayDeque::toString),
        by(new PriorityQueue<>(List.of(3, 1, 2)), q -> new PriorityQueue<>(q).poll()),
        by(new ConcurrentLinkedQueue<>(List.of(1)), Object::toString),
        by(new ConcurrentLinkedDeque<>(List.of(1)), Object::toString),
        by(new ArrayBlockingQueue<>(3, false, List.of(1)), q -> q + " " + q.remainingCapacity()),
        by(new LinkedBlockingQueue<>(List.of(1)), Object::toString),
        by(new LinkedBlockingDeque<>(List.of(1)), Object::toString),
        by(new IdentityHashMap<>(Map.of("a", 1)), Map::size),
        by(IntStream.of(1, 2).summaryStatistics(), Object::toString),
        by(IntStream.of(1, 2).asDoubleStream().summaryStatistics(), Object::toString),
        by(IntStream.of(1, 2).asLongStream().summaryStatistics(), Object::toString),
        by(CompletableFuture.completedFuture("done"), CompletableFuture::join),
        by(Pattern.compile("a+", Pattern.CASE_INSENSITIVE), p -> p.matcher("AA").matches()),
        by(ByteBuffer.wrap(new byte[] {1, 2, 3}).position(1), ByteBuffer::toString),
        by(new Random(7), r -> r.getClass()),
        by(new ReentrantLock(true), ReentrantLock::isFair),
        by(new BufferedImage(2, 3, BufferedImage.TYPE_INT_RGB), i -> i.getWidth() + i.getType()),
        by(new TreeMap<>(Comparator.<Integer>reverseOrder()), m -> m.comparator()),
        by(String.CASE_INSENSITIVE_ORDER, c -> c.compare("a", "A")),
        by(Comparator.nullsFirst(Comparator.<Integer>naturalOrder()), c -> c.compare(null, 1)),
        by(Collections.reverseOrder(String.CASE_INSENSITIVE_ORDER), c -> c.compare("a", "B")),
        by(Comparator.<String>naturalOrder(), c -> c.compare("a", "b")),
        by(
            Map.Entry.<String, Integer>comparingByKey(),
            c -> c.compare(Map.entry("a", 1), Map.entry("b", 0))),
        by(Collections.unmodifiableCollection(new ArrayList<>(List.of(1))), Object::toString),
        by(Collections.synchronizedSet(new HashSet<>(Set.of(1))), Object::toString),
        by(
            new IllegalStateException("m", new RuntimeException("cause")),
            e -> e.getMessage() + e.getCause().getMessage() + e.getStackTrace()[0]),
        by(new java.io.IOException("io"), Throwable::toString),
        by(new java.io.StringWriter(), Object::toString));
  }

  @Test
  void aRandomGoesOnWhereItWas() throws Exception {
    Random random = new Random(7);
    random.nextGaussian();
    Random copy = copy(random);
    assertEquals(random.nextGaussian(), copy.nextGaussian());
    assertEquals(random.nextLong(), copy.nextLong());
  }

  @Test
  void aLinkedHashMapKeepsItsAccessOrder() throws Exception {
    Map<String, Integer> map = new LinkedHashMap<>(16, 0.75f, true);
    map.put("a", 1);
    map.put("b", 2);
    Map<String, Integer> copy = copy(map);
    copy.get("a");
    assertEquals("[b, a]", copy.keySet().toString());
  }

  @Test
  void viewsBecomeCollectionsOfTheirOwn() throws Exception {
    assertEquals(List.of(2, 3), copy(new ArrayList<>(List.of(1, 2, 3)).subList(1, 3)));
    assertEquals(Set.of("k"), copy(new HashMap<>(Map.of("k", 1)).keySet()));
    assertEquals(Map.of(1, 2), copy(new TreeMap<>(Map.of(1, 2, 5, 6)).headMap(3)));
    assertEquals(
        List.of(1),
        new ArrayList<>((Collection<?>) copy((Object) new HashMap<>(Map.of("k", 1)).values())));
  }

  @Test
  void sharingAndCyclesSurvive() throws Exception {
    List<Object> inner = new ArrayList<>();
    List<Object> outer = new ArrayList<>(List.of(inner, inner));
    inner.add(outer);
    Object[] array = {outer, null};
    array[1] = array;
    Object[] copy = copy(array);
    assertSame(copy, copy[1]);
    List<?> outerCopy = (List<?>) copy[0];
    assertSame(outerCopy.get(0), outerCopy.get(1));
    assertSame(outerCopy, ((List<?>) outerCopy.get(0)).get(0));
  }

  @Test
  void aChainOfAMillionIsNoDeeperThanOne() throws Exception {
    Object[] head = null;
    for (int i = 0; i < 1_000_000; i++) {
      head = new Object[] {head, i};
    }
    Object[] copy = copy(head);
    int length = 0;
    for (Object[] at = copy; at != null; at = (Object[]) at[0]) {
      length++;
    }
    assertEquals(1_000_000, length);
  }

  @Test
  void aCycleThroughAnImmutableObjectIsKept() throws Exception {
    List<Object> list = new ArrayList<>();
    Map.Entry<String, Object> entry = Map.entry("k", list);
    list.add(entry);
    Map.Entry<String, Object> copy = copy(entry);
    assertSame(copy, ((List<?>) copy.getValue()).get(0));
    List<Object> listCopy = copy(list);
    assertSame(listCopy, ((Map.Entry<?, ?>) listCopy.get(0)).getValue());
  }

  @Test
  void whatCannotBeStoredSaysWhereItIs() {
    refused(new Thread(), "x");
    refused(List.of(1, new Object[] {null, new Thread()}), "x.get(1)[1]");
    refused(new HashMap<>(Map.of("conn", new java.net.Socket())), "x.get(\"conn\")");
    refused(Stream.of(1), "x");
    refused(List.of(1).iterator(), "x");
    refused(new Scanner("a"), "x");
    refused(new java.io.ByteArrayInputStream(new byte[0]), "x");
    refused(new ThreadLocal<>(), "x");
    refused(new java.lang.ref.WeakReference<>("a"), "x");
    refused(ClassLoader.getSystemClassLoader(), "x");
    refused(ThreadLocalRandom.current(), "x");
    refused(new CompletableFuture<>(), "x");
    refused(Optional.of(new Timer(true)), "x");
    refused(
        java.lang.reflect.Proxy.newProxyInstance(
            LOADER, new Class<?>[] {Runnable.class}, (p, m, a) -> null),
        "x");
  }

  private static void refused(Object value, String path) {
    UnstorableException why = assertThrows(UnstorableException.class, () -> encode(value));
    assertTrue(why.path().startsWith("v:" + path), why.getMessage());
  }

  @Test
  void noDamagedByteGivesAnythingButAClearError() throws Exception {
    Object value =
        new ArrayList<>(
            List.of(
                1,
                "two",
                new int[] {3},
                Map.of("k", List.of(4L)),
                new HashSet<>(List.of(5)),
                LocalDate.EPOCH,
                new IllegalStateException("x")));
    byte[] bytes = bytes(encode(value));
    String hash = hash(List.of(ByteBuffer.wrap(bytes)));
    for (int at = 0; at < bytes.length; at++) {
      for (int bit : new int[] {1, 0x80, 0xFF}) {
        byte[] damaged = bytes.clone();
        damaged[at] ^= (byte) bit;
        assertTrue(!hash(List.of(ByteBuffer.wrap(damaged))).equals(hash));
        try {
          decode(List.of(ByteBuffer.wrap(damaged)));
        } catch (CorruptValueException | StaleValueException e) {
          assertNotNull(e.getMessage());
        }
      }
      try {
        decode(List.of(ByteBuffer.wrap(bytes, 0, at)));
        fail("read a value cut at " + at);
      } catch (CorruptValueException e) {
        assertNotNull(e.getMessage());
      }
    }
  }

  @Test
  void theHashDoesNotDependOnChunks() throws Exception {
    byte[] bytes = new byte[1000];
    new Random(1).nextBytes(bytes);
    String whole = hash(List.of(ByteBuffer.wrap(bytes)));
    for (int cut : new int[] {1, 63, 64, 65, 500, 999}) {
      assertEquals(
          whole,
          hash(List.of(ByteBuffer.wrap(bytes, 0, cut), ByteBuffer.wrap(bytes, cut, 1000 - cut))));
    }
  }

  @Test
  void largeArraysCrossChunks() throws Exception {
    double[] large = new Random(3).doubles(300_001).toArray();
    assertArrayEquals(large, copy(large));
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      many.add("text number " + i);
    }
    assertEquals(many, copy(many));
  }

  @Test
  void unorderedCollectionsHashByTheirContent() throws Exception {
    Set<Object> one = new HashSet<>();
    Set<Object> two = new HashSet<>(1024);
    for (int i = 0; i < 200; i++) {
      one.add(List.of(i, "e" + i));
      two.add(List.of(199 - i, "e" + (199 - i)));
    }
    assertEquals(encoded(one).hash(), encoded(two).hash());
  }

  private static String hash(List<ByteBuffer> chunks) {
    ValueHash hash = new ValueHash();
    for (ByteBuffer chunk : chunks) {
      hash.update(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
    }
    return hash.finish();
  }

  private static byte[] bytes(List<ByteBuffer> chunks) {
    java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
    for (ByteBuffer chunk : chunks) {
      all.write(chunk.array(), chunk.arrayOffset() + chunk.position(), chunk.remaining());
    }
    return all.toByteArray();
  }
}
