package hydrocell.executor.state;

import static java.util.stream.Collectors.joining;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.SharedUpdates;
import hydrocell.cell.Symbol;
import hydrocell.cell.local.CauseText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what a cell changed and commits it. For one thread at a time. */
final class CommitWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CommitWriter.class);

  /** After this long the reply does not wait for the search for changes any more. */
  private static final long LATE_AFTER_MS = 100;

  private final AnnaClient anna;
  private final SessionKeys keys;
  private final String executorId;
  private final SessionLoader loader;
  private final LiveNames names;
  private final ValueStore store;
  private final GroupWriter groups;
  private final ValueLoads loads;
  private final ClassUses uses;
  private final ClassVersions versions;
  private final SharedLattices shared;

  CommitWriter(
      AnnaClient anna,
      SessionKeys keys,
      String executorId,
      SessionLoader loader,
      LiveNames names,
      ValueStore store,
      ValueLoads loads,
      ClassUses uses,
      ClassVersions versions,
      SharedLattices shared) {
    this.anna = anna;
    this.keys = keys;
    this.executorId = executorId;
    this.loader = loader;
    this.names = names;
    this.store = store;
    this.groups = new GroupWriter(keys, loader, names, store);
    this.loads = loads;
    this.uses = uses;
    this.versions = versions;
    this.shared = shared;
  }

  CommitResult commit(CommitRequest request, Set<Name> declared, Traffic traffic)
      throws CommitFailedException {
    CommitDraft draft = new CommitDraft(request, traffic, names, loader, uses, executorId);
    if (request.asynchronous() != null && request.asynchronous().failure() != null) {
      return fail(draft);
    }
    Set<Name> reached = reached(draft);
    Map<Name, @Nullable Object> values = changeable(reached, declared);
    CheckPlan plan = new CheckPlan(values, names, assigned(draft, reached, declared));
    GroupEncoder encoder = new GroupEncoder(values, names);
    plan.walkFirst(encoder);
    LatePart late = request.mayBeLate() && plan.restIsLarge() ? late(plan, encoder) : null;
    if (late == null) {
      plan.walkRest(encoder);
    }
    FaultPoint.EXECUTOR_BEFORE_VALUES.reached();
    if (late == null || late.check.endsWithin(LATE_AFTER_MS)) {
      encoder.groups().forEach(outcome -> groups.settle(draft, encoder, outcome));
      encoder.unchanged().forEach(draft::redefine);
      Commit commit = commit(draft, values.keySet());
      return new CommitResult(commit, List.copyOf(draft.notices));
    }
    return late.firstPart(draft, values.keySet());
  }

  /** The search goes on beside the commit, where it may; null where it may not. */
  private @Nullable LatePart late(CheckPlan plan, GroupEncoder encoder) {
    List<GroupEncoder.Outcome> first = encoder.groups();
    return plan.mayBeLate(first) ? new LatePart(plan, encoder, first) : null;
  }

  /** Commits what the draft has, and all definitions. */
  private @Nullable Commit commit(CommitDraft draft, Set<Name> withValue)
      throws CommitFailedException {
    draft.define(withValue);
    draft.dropStatics();
    Map<Name, Entry> dropped = names.droppedSinceLastCommit();
    draft.removed.addAll(dropped.keySet());
    loads.takeStale().forEach(draft::stale);
    draft.notices.addAll(loads.takeNotices());
    PendingNames.settle(draft, names);
    try {
      Commit commit = write(draft, dropped);
      accept(draft, commit);
      return commit;
    } catch (CommitFailedException e) {
      withValue.forEach(names::forget);
      throw e;
    }
  }

  /** A commit in two parts: what is known goes with the reply, and the rest follows it. */
  private final class LatePart {
    private final GroupEncoder encoder;
    private final List<GroupEncoder.Outcome> first;
    private final List<Name> unchanged;
    private final Map<Name, Entry> earlier = new TreeMap<>();
    private final LateCheck check;

    LatePart(CheckPlan plan, GroupEncoder encoder, List<GroupEncoder.Outcome> first) {
      this.encoder = encoder;
      this.first = first;
      unchanged = encoder.unchanged();
      for (Name name : plan.restNames()) {
        Entry known = names.entry(name);
        if (known != null) {
          earlier.put(name, known);
        }
      }
      check = LateCheck.start(() -> plan.walkRest(encoder));
    }

    CommitResult firstPart(CommitDraft draft, Set<Name> withValue) throws CommitFailedException {
      try {
        first.forEach(outcome -> groups.settle(draft, encoder, outcome));
        unchanged.stream().filter(name -> !earlier.containsKey(name)).forEach(draft::redefine);
        earlier.values().forEach(draft::saving);
        Commit commit =
            Objects.requireNonNull(commit(draft, withValue), "it has what is saved late");
        return new CommitResult(
            commit, List.copyOf(draft.notices), new LateSave(() -> secondPart(draft, commit)));
      } catch (CommitFailedException | RuntimeException | Error e) {
        check.await();
        throw e;
      }
    }

    private LateSave.Ended secondPart(CommitDraft begun, Commit firstPart) {
      CommitRequest request = begun.request;
      Traffic traffic = new Traffic(begun.traffic.watcher());
      try {
        check.await();
        CommitDraft draft = draft(request, firstPart, traffic);
        for (GroupEncoder.Outcome outcome : encoder.groups()) {
          if (earlier.keySet().containsAll(outcome.names())) {
            groups.settle(draft, encoder, outcome);
          } else if (!Collections.disjoint(earlier.keySet(), outcome.names())) {
            throw new IllegalStateException(outcome.names() + " share objects unforeseen");
          }
        }
        return commitRest(draft);
      } catch (CommitFailedException | RuntimeException | Error e) {
        LOG.warn(
            "what cell {} changed in {} names is lost: {}",
            request.cellNumber(),
            earlier.size(),
            CauseText.of(e));
        earlier.keySet().forEach(names::forget);
        return giveUp(draft(request, firstPart, traffic), e);
      }
    }

    private CommitDraft draft(CommitRequest request, Commit firstPart, Traffic traffic) {
      CommitDraft draft =
          new CommitDraft(request.second(), traffic, names, loader, uses, executorId);
      // They went with the first part.
      draft.defines.clear();
      draft.first = firstPart;
      return draft;
    }

    private LateSave.Ended commitRest(CommitDraft draft) throws CommitFailedException {
      draft.restore(earlier);
      Commit commit = write(draft, Map.of());
      accept(draft, commit);
      return new LateSave.Ended(commit, List.copyOf(draft.notices), draft.traffic.meter());
    }

    /** What was stored before stands; the commit is missing when not even that can be said. */
    private LateSave.Ended giveUp(CommitDraft draft, Throwable why) {
      String lost =
          earlier.keySet().stream().map(name -> "`" + name.text() + "`").collect(joining(", "));
      draft.notices.add(
          "what this cell changed in %s could not be saved (%s): what was stored before stands"
              .formatted(lost, why.getMessage()));
      try {
        return commitRest(draft);
      } catch (CommitFailedException | RuntimeException | Error e) {
        LOG.warn("not even that can be said: {}", CauseText.of(e));
        return new LateSave.Ended(null, List.copyOf(draft.notices), draft.traffic.meter());
      }
    }
  }

  /** Commits that an asynchronous cell failed: nothing of what it changed, only its definitions. */
  private CommitResult fail(CommitDraft draft) throws CommitFailedException {
    shared.drop();
    PendingNames.fail(draft, names);
    Set<Name> touched = names.touchedSinceLastCommit();
    Commit commit = write(draft, Map.of());
    accept(draft, commit);
    touched.forEach(names::forget);
    return new CommitResult(commit, List.of());
  }

  /** The names that the cell and its definitions refer to. */
  private static Set<Name> reached(CommitDraft draft) {
    Set<Name> reached = new LinkedHashSet<>(draft.request.function().reads());
    reached.addAll(draft.request.function().writes());
    reached.addAll(draft.request.function().refs());
    for (Symbol symbol : draft.defines.values()) {
      reached.add(symbol.name());
      reached.addAll(symbol.refs());
      reached.addAll(symbol.reads());
      reached.addAll(symbol.writes());
    }
    return reached;
  }

  /** The names that the cell may have assigned to, itself or by the methods that it reaches. */
  private Set<Name> assigned(CommitDraft draft, Set<Name> reached, Set<Name> declared) {
    Set<Name> assigned = new LinkedHashSet<>(declared);
    assigned.addAll(draft.defines.keySet());
    assigned.addAll(draft.request.function().writes());
    for (Entry entry : names.closure(reached).values()) {
      assigned.addAll(entry.symbol().writes());
    }
    return assigned;
  }

  /** The values of all names that the cell could have changed. */
  private Map<Name, @Nullable Object> changeable(Set<Name> reached, Set<Name> declared) {
    Set<Name> candidates = new LinkedHashSet<>(declared);
    candidates.addAll(reached);
    candidates.addAll(names.touchedSinceLastCommit());
    candidates.addAll(names.closure(reached).keySet());
    candidates.addAll(names.carriedOver());
    for (Name name : List.copyOf(candidates)) {
      Group group = names.group(name);
      if (group != null) {
        group.names().forEach(member -> candidates.add(Name.parse(member)));
      }
    }
    Map<Name, @Nullable Object> values = new LinkedHashMap<>();
    for (Name name : candidates) {
      if (LiveNames.hasValue(name)) {
        read(name, values);
      }
    }
    return values;
  }

  private void read(Name name, Map<Name, @Nullable Object> values) {
    LiveNames.Waiting waiting = names.waiting(name);
    Class<?> holder = names.holder(name);
    if (waiting != null) {
      values.put(name, waiting.value());
    } else if (holder != null) {
      try {
        values.put(name, Fields.read(name, holder));
      } catch (NoClassDefFoundError | ExceptionInInitializerError e) {
        // Its initialiser failed: it has no state, and runs again when the type is next used.
        LOG.info("a type has no static state: {}", CauseText.of(e));
      }
    }
  }

  /** Whether a group's objects are as they were stored. */
  boolean isAsStored(Group group) {
    Map<Name, @Nullable Object> values = new LinkedHashMap<>();
    group.names().forEach(name -> read(Name.parse(name), values));
    if (values.size() < group.names().size()) {
      return false;
    }
    GroupEncoder encoder = new GroupEncoder(values, names);
    encoder.walk(values.keySet(), true);
    List<GroupEncoder.Outcome> now = encoder.groups();
    ValueEncoder.Encoded encoded = now.size() == 1 ? now.getFirst().encoded() : null;
    return encoded != null && encoded.hash().equals(group.hash());
  }

  private @Nullable Commit write(CommitDraft draft, Map<Name, Entry> dropped)
      throws CommitFailedException {
    CommitRequest request = draft.request;
    SharedUpdates updates = shared.take();
    if (updates != null) {
      draft.shared(updates);
    }
    boolean empty = draft.entries.isEmpty() && draft.removed.isEmpty();
    if (empty && draft.pending.isEmpty()) {
      return null;
    }
    Commit commit =
        new Commit(
            request.stamp(),
            request.base(),
            request.cellNumber(),
            draft.ending(),
            List.copyOf(draft.entries.values()),
            List.copyOf(draft.removed),
            before(draft, dropped),
            draft.first == null ? List.of() : draft.first.names());
    try {
      draft.pending.addAll(store.putClasses(draft.classes, loader, draft.traffic));
      // Also where no entry came of them: a value that could not be sent is not lost in silence.
      ValueStore.await(draft.pending);
      if (empty) {
        return null;
      }
      FaultPoint.EXECUTOR_BEFORE_MERGE.reached();
      merge(commit, request);
      FaultPoint.EXECUTOR_AFTER_MERGE.reached();
      if (updates != null) {
        String unpublished = shared.publish(updates, commit.stamp());
        if (unpublished != null) {
          draft.notices.add(unpublished);
        }
      }
      draft.traffic.wrote(0);
    } catch (RuntimeException e) {
      shared.failed();
      AnnaException failure = ValueStore.cause(e);
      throw new CommitFailedException(
          failure.reason(),
          failure.reason() == AnnaException.Reason.FENCED
              ? "this cell was given up elsewhere; nothing of it was kept"
              : "what the cell changed could not be stored, and nothing of it was kept: "
                  + failure.getMessage(),
          failure);
    }
    return commit;
  }

  /** The entries that stand no more with this commit. */
  private List<Entry> before(CommitDraft draft, Map<Name, Entry> dropped) {
    if (draft.first != null) {
      return draft.first.before();
    }
    List<Entry> before = new ArrayList<>(dropped.values());
    List<Name> changed = new ArrayList<>(draft.entries.keySet());
    changed.addAll(draft.removed);
    for (Name name : changed) {
      Entry known = names.entry(name);
      if (known != null && !SharedUpdates.isName(name)) {
        before.add(known);
      }
    }
    return before;
  }

  private void merge(Commit commit, CommitRequest request) {
    CommitRequest.Asynchronous own = request.asynchronous();
    String fenced = own == null ? commit.stamp().writer() : own.fence();
    var guard = Commit.guard(fenced, request.fence());
    try {
      anna.merge(keys.manifest(), commit.delta(), Durability.LOG, guard).join();
    } catch (RuntimeException e) {
      if (ValueStore.cause(e).reason() != AnnaException.Reason.UNAVAILABLE) {
        throw e;
      }
      anna.merge(keys.manifest(), commit.delta(), Durability.LOG, guard).join();
    }
  }

  private void accept(CommitDraft draft, @Nullable Commit commit) {
    draft.groups.forEach((members, group) -> names.group(members, group));
    draft.removed.forEach(names::remove);
    if (commit != null) {
      for (Entry entry : commit.entries()) {
        names.wrote(entry);
        uses.define(entry.symbol());
        if (entry.name().kind() == hydrocell.cell.Kind.TYPE) {
          versions.present(entry.name().text(), entry.symbol().className());
        }
      }
    }
    names.committed();
  }
}
