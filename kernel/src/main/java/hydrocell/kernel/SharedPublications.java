package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.anna.lattice.Stamp;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.cell.SharedVersion;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/**
 * Writes what this notebook's cells committed to the shared names that it uses, under the stamps of
 * their commits: writing again changes nothing. For the thread that runs cells.
 */
final class SharedPublications {
  private final Backend backend;
  private final Session session;
  private final InstantSource clock;
  private final SharedCut cut;
  private final ToldOnce told;
  private final SharedParts parts;
  private final Set<Name> held = new LinkedHashSet<>();
  private int steps;

  SharedPublications(
      Backend backend,
      Session session,
      InstantSource clock,
      SharedCut cut,
      ToldOnce told,
      SharedParts parts) {
    this.backend = backend;
    this.session = session;
    this.clock = clock;
    this.cut = cut;
    this.told = told;
    this.parts = parts;
  }

  /** Keeps what is written to a name back until {@link #release}. */
  void hold(Name name) {
    held.add(name);
  }

  void release(Name name) {
    held.remove(name);
  }

  /** What is written from now on comes of this many steps, see {@link SharedVersion#steps}. */
  void steps(int now) {
    steps = now;
  }

  boolean isNeeded(Map<Name, SharedUse> uses) {
    return uses.entrySet().stream().anyMatch(each -> isNeeded(each.getKey(), each.getValue()));
  }

  private boolean isNeeded(Name name, SharedUse use) {
    Entry here = session.manifest().get(name);
    return here != null
        && use.writes()
        && here.owner().isEmpty()
        && here.state() == Entry.State.READY
        && !held.contains(name)
        && !told.wasTold(refusal(here))
        && !cut.register(use.shared().versions()).context().covers(here.stamp());
  }

  private static String refusal(Entry entry) {
    return "kept" + entry.stamp();
  }

  /** Publishes what was not yet; why something is not shared, in lines. */
  List<String> publish(Map<Name, SharedUse> uses) throws IOException {
    List<String> lines = new ArrayList<>();
    Map<Stamp, Map<Key, SharedVersion>> commits = new TreeMap<>();
    for (Map.Entry<Name, SharedUse> each : uses.entrySet()) {
      Name name = each.getKey();
      SharedUse use = each.getValue();
      if (isNeeded(name, use)) {
        Entry entry = Objects.requireNonNull(session.manifest().get(name));
        FaultPoint.KERNEL_BEFORE_SHARED_VALUE.reached();
        try {
          commits
              .computeIfAbsent(entry.stamp(), stamp -> new TreeMap<>())
              .put(use.shared().versions(), version(entry, use.shared(), base(use)));
        } catch (NotUsableException e) {
          told.tell(lines, refusal(entry), e.getMessage());
        } catch (AnnaException e) {
          told.tell(lines, refusal(entry), notPermitted(name, use, e));
        }
      } else if (!use.writes()) {
        tellReader(name, use, lines);
      }
    }
    for (Map<Key, SharedVersion> commit : commits.values()) {
      cut.write(backend.anna(), commit);
    }
    return lines;
  }

  private void tellReader(Name name, SharedUse use, List<String> lines) {
    Entry here = session.manifest().get(name);
    if (here != null && here.owner().isEmpty()) {
      told.tell(
          lines,
          refusal(here),
          "you may only read %s: what this notebook writes to `%s` stays here until %s is changed"
              .formatted(use.shared(), name.text(), use.shared()));
    }
  }

  private static String notPermitted(Name name, SharedUse use, AnnaException e) {
    return switch (e.reason()) {
      case FORBIDDEN ->
          "you may not write %s any more: what this notebook writes to `%s` stays here"
              .formatted(use.shared(), name.text());
      case LIMIT -> "`%s` is not shared: %s".formatted(name.text(), e.getMessage());
      default -> throw e;
    };
  }

  /** Publishes the first version of a name, or one that replaces what stood there. */
  void publish(Entry entry, SharedName shared, VersionVector base)
      throws IOException, NotUsableException {
    cut.write(backend.anna(), Map.of(shared.versions(), version(entry, shared, base)));
  }

  /** What the notebook had seen of a name: what it took over, and what it wrote itself. */
  private VersionVector base(SharedUse use) throws IOException {
    VersionVector base = use.seen();
    for (SharedVersion version : SharedVersion.readableIn(cut.register(use.shared().versions()))) {
      boolean own = version.sessionId().equals(session.keys().sessionId());
      if (own && session.frontier().covers(version.entry().stamp())) {
        base = base.with(version.entry().stamp());
      }
    }
    return base;
  }

  private SharedVersion version(Entry entry, SharedName shared, VersionVector base)
      throws IOException, NotUsableException {
    List<Entry> definitions = definitions(entry);
    if (backend.severalPeople()) {
      parts.give(shared, entry, definitions);
    }
    return new SharedVersion(
        SharedCut.copied(backend.anna(), entry, shared, session.keys(), session.owner()),
        definitions,
        session.owner(),
        session.notebook(),
        session.keys().sessionId(),
        clock.millis(),
        base,
        List.of(),
        steps);
  }

  /** The definitions that a variable's use needs. */
  private List<Entry> definitions(Entry entry) throws NotUsableException {
    Set<Name> needed = new LinkedHashSet<>(entry.symbol().refs());
    needed.addAll(entry.valueRefs());
    List<Entry> definitions = new ArrayList<>();
    for (Entry each : session.closure(needed).values()) {
      if (each.name().equals(entry.name())) {
        continue;
      }
      switch (each.name().kind()) {
        case TYPE, METHOD, IMPORT -> definitions.add(each);
        case VARIABLE, STATICS, KEPT ->
            throw new NotUsableException(
                "`%s` is not shared: it needs `%s`, which is not part of its value; share a copy"
                    .formatted(entry.name().text(), each.name().text()));
        case DEPENDENCY, SETTING -> {}
      }
    }
    return definitions;
  }
}
