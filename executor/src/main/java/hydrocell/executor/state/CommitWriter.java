package hydrocell.executor.state;

import hydrocell.anna.AnnaClient;
import hydrocell.anna.AnnaException;
import hydrocell.anna.Durability;
import hydrocell.anna.Key;
import hydrocell.anna.fault.FaultPoint;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Name;
import hydrocell.cell.SessionKeys;
import hydrocell.cell.Symbol;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Finds what a cell changed and commits it. For one thread at a time. */
final class CommitWriter {
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

  /** What one commit gathers on its way. */
  private static final class Draft {
    final CommitRequest request;
    final Traffic traffic;
    final Map<Name, Symbol> defines = new LinkedHashMap<>();
    final Map<Name, Entry> entries = new TreeMap<>();
    final Map<List<Name>, Group> groups = new LinkedHashMap<>();
    final Set<ClassRef> classes = new LinkedHashSet<>();
    final List<CompletableFuture<?>> pending = new ArrayList<>();
    final List<String> notices = new ArrayList<>();
    int values;

    Draft(CommitRequest request, Traffic traffic) {
      this.request = request;
      this.traffic = traffic;
      for (Symbol symbol : request.function().defines()) {
        defines.put(symbol.name(), symbol);
      }
    }
  }

  CommitResult commit(CommitRequest request, Set<Name> declared, Traffic traffic)
      throws CommitFailedException {
    Draft draft = new Draft(request, traffic);
    Map<Name, @Nullable Object> values = changeable(draft, declared);
    GroupEncoder encoder = new GroupEncoder(values);
    walk(encoder, values);
    FaultPoint.EXECUTOR_BEFORE_VALUES.reached();
    for (GroupEncoder.Outcome outcome : encoder.groups()) {
      settle(draft, encoder, outcome);
    }
    encoder.unchanged().forEach(name -> redefine(draft, name));
    define(draft, values.keySet());
    loads.takeStale().forEach((name, why) -> stale(draft, name, why));
    draft.notices.addAll(loads.takeNotices());
    try {
      Commit commit = write(draft);
      accept(draft, commit);
      return new CommitResult(commit, List.copyOf(draft.notices));
    } catch (CommitFailedException e) {
      values.keySet().forEach(names::forget);
      throw e;
    }
  }

  /** The values of all names that the cell could have changed. */
  private Map<Name, @Nullable Object> changeable(Draft draft, Set<Name> declared) {
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
      values.put(name, Fields.read(name, holder));
    }
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

  private void settle(Draft draft, GroupEncoder encoder, GroupEncoder.Outcome outcome) {
    Group before = names.group(outcome.names().getFirst());
    List<String> spelled = outcome.names().stream().map(Name::toString).toList();
    boolean sameNames = before != null && before.names().equals(spelled);
    ValueEncoder.Encoded encoded = outcome.encoded();
    if (encoded == null) {
      unstorable(draft, outcome, before);
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
      outcome.names().forEach(name -> redefine(draft, name));
      return;
    }
    GroupEncoder.Outcome full =
        encoded.chunks() == null ? encoder.encode(outcome.names()) : outcome;
    ValueEncoder.Encoded bytes = full.encoded();
    String refusal = bytes == null ? "changed while it was being stored" : tryReading(bytes);
    if (bytes == null || bytes.chunks() == null || refusal != null) {
      UnstorableException why =
          new UnstorableException(
              refusal == null ? "could not be encoded" : refusal, spelled.getFirst());
      unstorable(draft, new GroupEncoder.Outcome(outcome.names(), null, why), before);
      return;
    }
    store(draft, outcome.names(), bytes, bytes.chunks(), roots, elements, all);
  }

  /** Why a value does not read back; null when it does or there is no doubt. */
  private @Nullable String tryReading(ValueEncoder.Encoded bytes) {
    if (!bytes.doubtful() || bytes.chunks() == null) {
      return null;
    }
    try {
      ValueDecoder.Decoded decoded =
          new ValueDecoder(bytes.chunks(), loader, new ClassVersions()).decode();
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

  private void store(
      Draft draft,
      List<Name> members,
      ValueEncoder.Encoded bytes,
      List<ByteBuffer> chunks,
      @Nullable Object @Nullable [] fixedRoots,
      @Nullable Object @Nullable [] elements,
      @Nullable Object[] roots) {
    Key key = keys.value(draft.request.stamp(), draft.values++);
    draft.pending.add(store.put(key, chunks, draft.traffic));
    Set<ClassRef> needed = uses.reach(bytes.classes().keySet());
    draft.classes.addAll(needed);
    Set<Name> refs = uses.names(needed);
    if (members.size() > 1) {
      refs.addAll(members);
    } else {
      refs.removeAll(members);
    }
    Set<String> classes = new TreeSet<>();
    bytes.classes().keySet().forEach(ref -> classes.add(ref.binaryName()));
    draft.groups.put(
        members,
        new Group(
            members.stream().map(Name::toString).toList(),
            key.text(),
            bytes.hash(),
            "",
            classes,
            fixedRoots,
            elements));
    for (int i = 0; i < members.size(); i++) {
      Symbol symbol = symbol(draft, members.get(i));
      if (symbol != null) {
        draft.entries.put(
            members.get(i),
            new Entry(
                symbol,
                draft.request.stamp(),
                draft.request.cellNumber(),
                Entry.State.READY,
                "",
                key.text(),
                bytes.hash(),
                bytes.sizeBytes(),
                typeName(symbol, roots[i]),
                refs,
                List.copyOf(needed),
                "",
                ""));
      }
    }
  }

  private static String typeName(Symbol symbol, @Nullable Object value) {
    if (symbol.descriptor().length() == 1) {
      return symbol.type();
    }
    if (value == null) {
      return "null";
    }
    Class<?> type = value.getClass();
    if (type.isHidden() || type.isAnonymousClass()) {
      Class<?>[] faces = type.getInterfaces();
      return faces.length > 0 ? faces[0].getTypeName() : type.getSuperclass().getTypeName();
    }
    return ClassVersions.plainName(type.getTypeName());
  }

  private void unstorable(Draft draft, GroupEncoder.Outcome outcome, @Nullable Group before) {
    UnstorableException why = outcome.why();
    String reason =
        why == null
            ? "could not be stored"
            : (why.path() + " " + why.reason()).replaceAll("^[vs]:", "");
    List<String> spelled = outcome.names().stream().map(Name::toString).toList();
    boolean told =
        before != null && before.names().equals(spelled) && before.reason().equals(reason);
    draft.groups.put(outcome.names(), new Group(spelled, null, "", reason, Set.of(), null, null));
    for (Name name : outcome.names()) {
      Symbol symbol = symbol(draft, name);
      Entry known = names.entry(name);
      if (symbol == null || (told && known != null && known.symbol().equals(symbol))) {
        continue;
      }
      draft.entries.put(
          name,
          new Entry(
              symbol,
              draft.request.stamp(),
              draft.request.cellNumber(),
              Entry.State.UNSTORABLE,
              reason,
              null,
              "",
              0,
              "",
              Set.of(),
              List.of(),
              executorId,
              ""));
    }
    if (!told) {
      draft.notices.add(
          "%s cannot be stored: %s; it works until this executor ends"
              .formatted(
                  String.join(
                      ", ", outcome.names().stream().map(n -> "`" + n.text() + "`").toList()),
                  reason));
    }
  }

  private @Nullable Symbol symbol(Draft draft, Name name) {
    Symbol defined = draft.defines.get(name);
    if (defined != null) {
      return defined;
    }
    Entry known = names.entry(name);
    if (known != null) {
      return known.symbol();
    }
    Class<?> holder = names.holder(name);
    if (name.kind() != hydrocell.cell.Kind.STATICS || holder == null) {
      return null;
    }
    return new Symbol(
        name,
        holder.getName(),
        "",
        "",
        List.of(),
        List.of(loader.refOf(holder)),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        null);
  }

  /** A name whose stored value does not fit the type that the cell redefined. */
  private void stale(Draft draft, Name name, String why) {
    Entry known = names.entry(name);
    if (known == null || draft.entries.containsKey(name)) {
      return;
    }
    Symbol symbol = draft.defines.getOrDefault(name, known.symbol());
    draft.entries.put(
        name,
        new Entry(
            symbol,
            draft.request.stamp(),
            known.cellNumber(),
            Entry.State.STALE,
            why,
            known.valueKey(),
            known.valueHash(),
            known.sizeBytes(),
            known.valueType(),
            known.valueRefs(),
            known.valueClasses(),
            "",
            ""));
    draft.notices.add(
        "`%s` could not be carried over: %s; run cell [%d] again"
            .formatted(name.text(), why, known.cellNumber()));
  }

  /** A name whose value is as it was: its entry changes only when its definition did. */
  private void redefine(Draft draft, Name name) {
    Symbol symbol = draft.defines.get(name);
    Entry known = names.entry(name);
    if (symbol != null && known != null && !known.symbol().equals(symbol)) {
      draft.entries.put(
          name, known.with(symbol).at(draft.request.stamp(), draft.request.cellNumber()));
    }
  }

  /** Definitions whose value is not here, or that have none. */
  private void define(Draft draft, Collection<Name> withValue) {
    for (Symbol symbol : draft.defines.values()) {
      draft.classes.addAll(symbol.classes());
      if (withValue.contains(symbol.name())) {
        continue;
      }
      Entry known = names.entry(symbol.name());
      if (known == null) {
        draft.entries.put(
            symbol.name(),
            Entry.definition(symbol, draft.request.stamp(), draft.request.cellNumber()));
      } else {
        redefine(draft, symbol.name());
      }
    }
  }

  private @Nullable Commit write(Draft draft) throws CommitFailedException {
    if (draft.entries.isEmpty()) {
      return null;
    }
    List<Entry> before = new ArrayList<>();
    for (Name name : draft.entries.keySet()) {
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
            request.ending(),
            List.copyOf(draft.entries.values()),
            List.of(),
            before);
    try {
      draft.pending.addAll(store.putClasses(draft.classes, loader, draft.traffic));
      ValueStore.await(draft.pending);
      FaultPoint.EXECUTOR_BEFORE_MERGE.reached();
      merge(commit, request.fence());
      FaultPoint.EXECUTOR_AFTER_MERGE.reached();
      draft.traffic.wrote(0);
    } catch (RuntimeException e) {
      AnnaException failure = ValueStore.cause(e);
      throw new CommitFailedException(
          failure.reason(),
          failure.reason() == AnnaException.Reason.FENCED
              ? "another kernel has taken this notebook over; nothing of this cell was kept"
              : "what the cell changed could not be stored, and nothing of it was kept: "
                  + failure.getMessage(),
          failure);
    }
    return commit;
  }

  private void merge(Commit commit, long fence) {
    var guard = Commit.guard(commit.stamp().writer(), fence);
    try {
      anna.merge(keys.manifest(), commit.delta(), Durability.LOG, guard).join();
    } catch (RuntimeException e) {
      if (ValueStore.cause(e).reason() != AnnaException.Reason.UNAVAILABLE) {
        throw e;
      }
      anna.merge(keys.manifest(), commit.delta(), Durability.LOG, guard).join();
    }
  }

  private void accept(Draft draft, @Nullable Commit commit) {
    draft.groups.forEach((members, group) -> names.group(members, group));
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
