package hydrocell.anna.lattice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.wire.ByteReader;
import hydrocell.anna.wire.ByteWriter;
import hydrocell.anna.wire.MalformedFrameException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Every lattice against the laws, on every pair and triple of a handful of states. */
class LatticeLawsTest {
  private static final long SEED = Long.getLong("hydrocell.seed", 20261123);
  private static final int STATES = 12;

  /** States that one system could reach: writers merge and write in turns. */
  private static List<Lattice> causalStates(Random random) {
    List<CausalRegister> replicas = new ArrayList<>();
    List<Lattice> states = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      replicas.add(new CausalRegister(List.of(), VersionVector.EMPTY));
    }
    for (int step = 0; step < STATES; step++) {
      int who = random.nextInt(3);
      CausalRegister mine = replicas.get(who);
      mine.merge(replicas.get(random.nextInt(3)));
      Stamp dot = new Stamp(mine.context().largest() + 1, "w" + who, 0);
      byte[] value = {(byte) step};
      mine.merge(
          random.nextInt(4) == 0
              ? CausalRegister.remove(dot, mine.context())
              : CausalRegister.write(dot, value, mine.context()));
      states.add(mine.copy());
    }
    return states;
  }

  private static List<Lattice> countStates(Random random) {
    Counter[] writers = {new Counter(), new Counter()};
    List<Lattice> states = new ArrayList<>();
    for (int i = 0; i < STATES; i++) {
      int who = random.nextInt(2);
      states.add(writers[who].increment("w" + who, random.nextInt(9) - 4).copy());
    }
    return states;
  }

  private static List<Lattice> observedRemoveStates(Random random) {
    ObservedRemoveSet[] replicas = {new ObservedRemoveSet(), new ObservedRemoveSet()};
    List<Lattice> states = new ArrayList<>();
    for (int i = 1; i <= STATES; i++) {
      int who = random.nextInt(2);
      String value = "v" + random.nextInt(3);
      if (random.nextInt(3) == 0) {
        replicas[who].remove(value);
      } else {
        replicas[who].add(value, new Stamp(i, "w" + who, 0));
      }
      if (random.nextBoolean()) {
        replicas[who].merge(replicas[1 - who]);
      }
      states.add(replicas[who].copy());
    }
    return states;
  }

  private static List<Lattice> repeat(Random random, Function<Random, Lattice> make) {
    return Stream.generate(() -> make.apply(random)).limit(STATES).toList();
  }

  private static Lattice register(Random random) {
    return new LwwRegister(
        new Stamp(1 + random.nextInt(3), "w" + random.nextInt(2), random.nextInt(2)),
        new byte[] {(byte) random.nextInt(3)});
  }

  private static Map<String, Function<Random, List<Lattice>>> kinds() {
    return Map.of(
        "LwwRegister", r -> repeat(r, LatticeLawsTest::register),
        "MaxLattice", r -> repeat(r, x -> new MaxLattice(x.nextInt(5))),
        "MinLattice", r -> repeat(r, x -> new MinLattice(x.nextInt(5))),
        "GrowSet", r -> repeat(r, x -> new GrowSet(List.of("a" + x.nextInt(4), "b"))),
        "ObservedRemoveSet", LatticeLawsTest::observedRemoveStates,
        "Counter", LatticeLawsTest::countStates,
        "CausalRegister", LatticeLawsTest::causalStates,
        "MapLattice",
            r ->
                repeat(
                    r,
                    x ->
                        MapLattice.of(
                            Map.of(
                                "f" + x.nextInt(2),
                                register(x),
                                "m",
                                MapLattice.of(Map.of("g", new MaxLattice(x.nextInt(4))))))));
  }

  @TestFactory
  Stream<DynamicTest> everyLatticeKeepsTheLaws() {
    return kinds().entrySet().stream()
        .map(kind ->
            DynamicTest.dynamicTest(
                kind.getKey(), () -> checkAll(kind.getValue().apply(new Random(SEED)))));
  }

  private static Lattice join(Lattice a, Lattice b) {
    Lattice joined = a.copy();
    boolean grew = joined.merge(b);
    assertEquals(!joined.equals(a), grew, () -> "merge told wrongly whether it grew, seed " + SEED);
    return joined;
  }

  private static void checkAll(List<Lattice> states) throws Exception {
    for (Lattice a : states) {
      assertEquals(a, join(a, a), "idempotent");
      assertEquals(a, roundTrip(a), "bytes");
      for (Lattice b : states) {
        Lattice before = b.copy();
        assertEquals(join(a, b), join(b, a), () -> "commutative, seed " + SEED);
        assertEquals(before, b, "merge left the other side alone");
        for (Lattice c : states) {
          assertEquals(join(join(a, b), c), join(a, join(b, c)), () -> "associative, seed " + SEED);
        }
      }
    }
  }

  private static Lattice roundTrip(Lattice lattice) throws Exception {
    ByteWriter out = new ByteWriter();
    LatticeCodec.write(out, lattice);
    ByteReader in = new ByteReader(out.view());
    Lattice back = LatticeCodec.read(in);
    in.end();
    return back;
  }

  @Test
  void aHigherAttemptOfTheSameWorkWinsInAnyOrder() {
    CausalRegister first =
        CausalRegister.write(new Stamp(3, "w", 0), new byte[] {9}, VersionVector.EMPTY);
    CausalRegister again =
        CausalRegister.write(new Stamp(3, "w", 1), new byte[] {1}, VersionVector.EMPTY);

    for (Lattice joined : List.of(join(first, again), join(again, first))) {
      List<CausalRegister.Sibling> siblings = ((CausalRegister) joined).siblings();
      assertEquals(1, siblings.size());
      assertEquals(1, siblings.getFirst().dot().attempt());
    }
  }

  @Test
  void kindsDoNotMixAndNothingOfSuchAMergeIsApplied() {
    MapLattice map = MapLattice.of(Map.of("a", new MaxLattice(1), "b", new MaxLattice(1)));
    MapLattice wrong = MapLattice.of(Map.of("a", new MaxLattice(5), "b", new MinLattice(0)));

    assertThrows(IllegalArgumentException.class, () -> map.merge(wrong));

    assertEquals(new MaxLattice(1), map.field("a"));
  }

  @Test
  void deepNestingAndUnknownKindsAreRefused() {
    ByteWriter deep = new ByteWriter();
    for (int i = 0; i < 2 * LatticeCodec.MAX_DEPTH; i++) {
      deep.u8(8).varint(1).text("f");
    }
    deep.u8(2).u64(1);
    assertThrows(
        MalformedFrameException.class, () -> LatticeCodec.read(new ByteReader(deep.view())));
    assertThrows(
        MalformedFrameException.class, () -> LatticeCodec.read(new ByteReader(new byte[] {77})));
  }

  @Test
  void aRemovalMeetsAConcurrentWriteAndTheWriteStays() {
    CausalRegister base =
        CausalRegister.write(new Stamp(1, "a", 0), new byte[] {1}, VersionVector.EMPTY);
    VersionVector seen = base.context();
    Lattice removed = join(base, CausalRegister.remove(new Stamp(2, "a", 0), seen));
    Lattice written = join(base, CausalRegister.write(new Stamp(2, "b", 0), new byte[] {2}, seen));

    CausalRegister both = (CausalRegister) join(removed, written);

    assertEquals(1, both.siblings().size());
    assertTrue(both.siblings().getFirst().dot().writer().equals("b"));
  }
}
