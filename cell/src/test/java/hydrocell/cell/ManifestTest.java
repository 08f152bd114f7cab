package hydrocell.cell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hydrocell.anna.lattice.MapLattice;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Name X = Name.variable("x");
  private static final Name Y = Name.variable("y");

  private static Symbol symbol(Name name, Name... refs) {
    return new Symbol(
        name,
        "cell." + name.text() + "$0",
        "int",
        "I",
        List.of("int " + name.text() + ";"),
        List.of(),
        Set.of(refs),
        Set.of(),
        Set.of(),
        Set.of(),
        null,
        List.of());
  }

  private static Commit commit(
      long counter, String writer, VersionVector base, List<Name> written, List<Name> removed) {
    Stamp stamp = new Stamp(counter, writer, 0);
    return new Commit(
        stamp,
        base,
        (int) counter,
        Commit.Ending.RETURNED,
        written.stream().map(n -> Entry.definition(symbol(n), stamp, (int) counter)).toList(),
        removed,
        List.of());
  }

  private static Manifest stored(Commit... commits) throws Exception {
    MapLattice map = MapLattice.of(Map.of());
    for (Commit commit : commits) {
      map.merge(commit.delta());
    }
    return Manifest.of(map);
  }

  @Test
  void aCommitIsReadBackWholeAndEqualsTheAppliedOne() throws Exception {
    Commit first = commit(1, "a", VersionVector.EMPTY, List.of(X, Y), List.of());
    Manifest applied = new Manifest();
    applied.apply(first);

    Manifest read = stored(first);

    assertEquals(List.copyOf(applied.entries()), List.copyOf(read.entries()));
    assertEquals(applied.frontier(), read.frontier());
    assertEquals(List.copyOf(applied.traces()), List.copyOf(read.traces()));
  }

  @Test
  void aLaterCommitReplacesAndRemoves() throws Exception {
    Commit first = commit(1, "a", VersionVector.EMPTY, List.of(X, Y), List.of());
    VersionVector seen = VersionVector.EMPTY.with(first.stamp());
    Commit second = commit(2, "a", seen, List.of(X), List.of(Y));

    Manifest inOrder = stored(first, second);
    Manifest outOfOrder = stored(second, first);

    for (Manifest manifest : List.of(inOrder, outOfOrder)) {
      Entry x = manifest.get(X);
      assertNotNull(x);
      assertEquals(second.stamp(), x.stamp());
      assertNull(manifest.get(Y));
      assertTrue(manifest.siblings().isEmpty());
    }
  }

  @Test
  void writersThatDidNotSeeEachOtherLeaveSiblings() throws Exception {
    Commit mine = commit(1, "a", VersionVector.EMPTY, List.of(X), List.of());
    Commit yours = commit(1, "b", VersionVector.EMPTY, List.of(X, Y), List.of());

    Manifest manifest = stored(mine, yours);

    assertEquals(Set.of(X), manifest.siblings().keySet());
    assertEquals(2, manifest.siblings().get(X).size());
    assertEquals(yours.stamp(), manifest.siblings().get(X).getFirst().stamp());
  }

  @Test
  void onlyTheLastCommitsCanBeGoneBack() {
    Manifest manifest = new Manifest();
    VersionVector base = VersionVector.EMPTY;
    for (int i = 1; i <= Commit.COMMITS_KEPT + 5; i++) {
      Commit next = commit(i, "a", base, List.of(X), List.of());
      manifest.apply(next);
      base = base.with(next.stamp());
    }

    assertEquals(Commit.COMMITS_KEPT, manifest.traces().size());
    assertEquals(Commit.COMMITS_KEPT + 5, manifest.traces().iterator().next().stamp().counter());
  }

  @Test
  void theClosureFollowsReferencesAndStopsAtStrangers() {
    Name f = Name.method("f");
    Name point = Name.type("Point");
    Manifest manifest = new Manifest();
    Stamp stamp = new Stamp(1, "a", 0);
    manifest.apply(
        new Commit(
            stamp,
            VersionVector.EMPTY,
            1,
            Commit.Ending.RETURNED,
            List.of(
                Entry.definition(symbol(f, point), stamp, 1),
                Entry.definition(symbol(point, f), stamp, 1),
                Entry.definition(symbol(X, point), stamp, 1),
                Entry.definition(symbol(Y), stamp, 1)),
            List.of(),
            List.of()));

    assertEquals(Set.of(X, point, f), manifest.closure(List.of(X)).keySet());
    assertEquals(Set.of(f, X, point), manifest.dependents(List.of(point)));
    assertEquals(Set.of(), manifest.closure(List.of(Name.variable("nobody"))).keySet());
  }

  @Test
  void everyKindOfNameIsSpelledAndParsed() {
    for (Kind kind : Kind.values()) {
      Name name = new Name(kind, "java.util.*");
      assertEquals(name, Name.parse(name.toString()));
    }
  }
}
