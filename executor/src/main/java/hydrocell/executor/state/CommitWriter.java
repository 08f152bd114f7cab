package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.ValueWriter;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds what a cell changed and commits it. For one thread at a time. */
final class CommitWriter {
  private static final Logger LOG = LoggerFactory.getLogger(CommitWriter.class);

  private final AnnaClient anna;
  private final SessionKeys keys;
  private final String executorId;
  private final SessionLoader loader;
  private final LiveNames names;
  private final ValueStore store;
  private final ValueLoads loads;
  private final ClassUses uses;
  private final ClassVersions versions;

  CommitWriter(
      AnnaClient anna,
      SessionKeys keys,
      String executorId,
      SessionLoader loader,
      LiveNames names,
      ValueStore store,
      ValueLoads loads,
      ClassUses uses,
      ClassVersions versions) {
    this.anna = anna;
    this.keys = keys;
    this.executorId = executorId;
    this.loader = loader;
    this.names = names;
    this.store = store;
    this.loads = loads;
    this.uses = uses;
    this.versions = versions;
  }

  CommitResult commit(CommitRequest request, Set<Name> declared, Traffic traffic)
      throws CommitFailedException {
    CommitDraft draft = new CommitDraft(request, traffic, names, loader, uses, executorId);
    if (request.asynchronous() != null && request.asynchronous().failure() != null) {
      return fail(draft);
    }
    Map<Name, @Nullable Object> values = changeable(draft, declared);
    GroupEncoder encoder = new GroupEncoder(values);
    walk(encoder, values);
    FaultPoint.EXECUTOR_BEFORE_VALUES.reached();
    for (GroupEncoder.Outcome outcome : encoder.groups()) {
      settle(draft, encoder, outcome);
    }
    encoder.unchanged().forEach(draft::redefine);
    draft.define(values.keySet());
    draft.dropStatics();
    Map<Name, Entry> dropped = names.droppedSinceLastCommit();
    draft.removed.addAll(dropped.keySet());
    loads.takeStale().forEach(draft::stale);
    draft.notices.addAll(loads.takeNotices());
    PendingNames.settle(draft, names);
    try {
      Commit commit = write(draft, dropped);
      accept(draft, commit);
      return new CommitResult(commit, List.copyOf(draft.notices));
    } catch (CommitFailedException e) {
      values.keySet().forEach(names::forget);
      throw e;
    }
  }

  /** Commits that an asynchronous cell failed: nothing of what it changed, only its definitions. */
  private CommitResult fail(CommitDraft draft) throws CommitFailedException {
    PendingNames.fail(draft);
    Set<Name> touched = names.touchedSinceLastCommit();
    Commit commit = write(draft, Map.of());
    accept(draft, commit);
    touched.forEach(names::forget);
    return new CommitResult(commit, List.of());
  }

  /** The values of all names that the cell could have changed. */
  private Map<Name, @Nullable Object> changeable(CommitDraft draft, Set<Name> declared) {
    Set<Name> reached = new LinkedHashSet<>(draft.request.function().reads());
    reached.addAll(draft.request.function().writes());
    reached.addAll(draft.request.function().refs());
    for (Symbol symbol : draft.defines.values()) {
      reached.add(symbol.name());
      reached.addAll(symbol.refs());
      reached.addAll(symbol.reads());
      reached.addAll(symbol.writes());
    }
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
        LOG.info("{} has no static state: {}", name, e.toString());
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
    GroupEncoder encoder = new GroupEncoder(values);
    encoder.walk(values.keySet(), true);
    List<GroupEncoder.Outcome> now = encoder.groups();
    ValueEncoder.Encoded encoded = now.size() == 1 ? now.getFirst().encoded() : null;
    return encoded != null && encoded.hash().equals(group.hash());
  }

  /** Walks the groups that may have changed. */
  private void walk(GroupEncoder encoder, Map<Name, @Nullable Object> values) {
    List<Runnable> walks = new ArrayList<>();
    Set<Name> open = new LinkedHashSet<>(values.keySet());
    for (Name name : values.keySet()) {
      if (!open.contains(name)) {
        continue;
      }
      Group group = names.group(name);
      List<Name> members = new ArrayList<>();
      if (group == null) {
        members.add(name);
      } else {
        for (String member : group.names()) {
          Name parsed = Name.parse(member);
          if (values.containsKey(parsed) && names.group(parsed) == group) {
            members.add(parsed);
          }
        }
      }
      members.forEach(open::remove);
      boolean whole = group != null && members.size() == group.names().size();
      if (group != null && whole && UnchangedValues.holds(group, members, values)) {
        encoder.skip(members, group.elements() != null);
      } else {
        walks.add(() -> encoder.walk(members, group != null && group.stored()));
      }
    }
    walks.forEach(Runnable::run);
  }

  private void settle(CommitDraft draft, GroupEncoder encoder, GroupEncoder.Outcome outcome) {
    Group before = names.group(outcome.names().getFirst());
    List<String> spelled = outcome.names().stream().map(Name::toString).toList();
    boolean sameNames = before != null && before.names().equals(spelled);
    ValueEncoder.Encoded encoded = outcome.encoded();
    if (encoded == null) {
      draft.unstorable(outcome, before);
      return;
    }
    @Nullable Object[] all = encoder.roots(outcome.names());
    @Nullable Object[] elements = UnchangedValues.elements(encoded, all);
    @Nullable Object[] roots = encoded.immutable() || elements != null ? all : null;
    if (sameNames && before != null && before.hash().equals(encoded.hash())) {
      Group known =
          new Group(
              spelled, before.valueKey(), before.hash(), "", before.classes(), roots, elements);
      draft.groups.put(outcome.names(), known);
      outcome.names().forEach(draft::redefine);
      return;
    }
    if (encoded.chunks() == null && !encoded.doubtful()) {
      stream(draft, encoder, outcome, before, roots, elements, all);
      return;
    }
    GroupEncoder.Outcome full =
        encoded.chunks() == null ? encoder.encodeWhole(outcome.names()) : outcome;
    ValueEncoder.Encoded bytes = full.encoded();
    String refusal = bytes == null ? "changed while it was being stored" : tryReading(bytes);
    if (bytes == null || bytes.chunks() == null || refusal != null) {
      UnstorableException why =
          new UnstorableException(
              refusal == null ? "could not be encoded" : refusal, spelled.getFirst());
      draft.unstorable(new GroupEncoder.Outcome(outcome.names(), null, why), before);
      return;
    }
    Key key = nextKey(draft);
    draft.pending.add(store.put(key, bytes.chunks(), draft.traffic));
    draft.stored(outcome.names(), key, bytes, roots, elements, all);
  }

  private Key nextKey(CommitDraft draft) {
    return keys.value(draft.request.stamp(), draft.values++);
  }

  /** Sends a large value while it is encoded once more. */
  private void stream(
      CommitDraft draft,
      GroupEncoder encoder,
      GroupEncoder.Outcome outcome,
      @Nullable Group before,
      @Nullable Object @Nullable [] fixedRoots,
      @Nullable Object @Nullable [] elements,
      @Nullable Object[] roots) {
    Key key = nextKey(draft);
    ValueWriter writer = store.begin(key);
    try {
      GroupEncoder.Outcome sent = encoder.encodeTo(outcome.names(), writer::write);
      ValueEncoder.Encoded encoded = sent.encoded();
      if (encoded == null) {
        draft.pending.add(writer.abandon());
        draft.unstorable(sent, before);
        return;
      }
      draft.pending.add(writer.finish());
      draft.traffic.wrote(writer.length());
      draft.stored(outcome.names(), key, encoded, fixedRoots, elements, roots);
    } catch (AnnaException e) {
      draft.pending.add(CompletableFuture.failedFuture(e));
    }
  }

  /** Why a value does not read back; null when it does or there is no doubt. */
  private @Nullable String tryReading(ValueEncoder.Encoded bytes) {
    if (!bytes.doubtful() || bytes.chunks() == null) {
      return null;
    }
    try {
      ValueDecoder.Decoded decoded =
          new ValueDecoder(ValueSource.of(bytes.chunks()), loader, new ClassVersions()).decode();
      Sharing sharing = new Sharing();
      ValueEncoder again = new ValueEncoder(sharing, 0, 0);
      for (Map.Entry<String, @Nullable Object> root : decoded.roots().entrySet()) {
        again.root(root.getKey(), root.getValue(), sharing.root(0));
      }
      return again.finish().hash().equals(bytes.hash()) ? null : "does not read back as it was";
    } catch (CorruptValueException | StaleValueException | UnstorableException e) {
      return "does not read back: " + e.getMessage();
    }
  }

  private @Nullable Commit write(CommitDraft draft, Map<Name, Entry> dropped)
      throws CommitFailedException {
    if (draft.entries.isEmpty() && draft.removed.isEmpty()) {
      return null;
    }
    List<Entry> before = new ArrayList<>(dropped.values());
    List<Name> changed = new ArrayList<>(draft.entries.keySet());
    changed.addAll(draft.removed);
    for (Name name : changed) {
      Entry known = names.entry(name);
      if (known != null) {
        before.add(known);
      }
    }
    CommitRequest request = draft.request;
    Commit commit =
        new Commit(
            request.stamp(),
            request.base(),
            request.cellNumber(),
            draft.ending(),
            List.copyOf(draft.entries.values()),
            List.copyOf(draft.removed),
            before);
    try {
      draft.pending.addAll(store.putClasses(draft.classes, loader, draft.traffic));
      ValueStore.await(draft.pending);
      FaultPoint.EXECUTOR_BEFORE_MERGE.reached();
      merge(commit, request);
      FaultPoint.EXECUTOR_AFTER_MERGE.reached();
      draft.traffic.wrote(0);
    } catch (RuntimeException e) {
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
