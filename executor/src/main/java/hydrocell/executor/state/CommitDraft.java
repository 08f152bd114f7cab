package hydrocell.executor.state;

import hydrocell.anna.Key;
import hydrocell.cell.ClassRef;
import hydrocell.cell.Commit;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.SharedUpdates;
import hydrocell.cell.Symbol;
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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one commit gathers on its way: the entries that change and what they need. For one thread.
 */
final class CommitDraft {
  private static final int MAX_CLASSES = 16;

  final CommitRequest request;
  final Traffic traffic;
  final Map<Name, Symbol> defines = new LinkedHashMap<>();
  final Map<Name, Entry> entries = new TreeMap<>();
  final Map<List<Name>, Group> groups = new LinkedHashMap<>();
  final Set<Name> removed = new TreeSet<>();
  final Set<ClassRef> classes = new LinkedHashSet<>();
  final List<CompletableFuture<?>> pending = new ArrayList<>();
  final List<String> notices = new ArrayList<>();
  int values;

  /** The first part of the commit, when this is the second. */
  @Nullable Commit first;

  private boolean nothingChanged;

  private final LiveNames names;
  private final SessionLoader loader;
  private final ClassUses uses;
  private final String executorId;

  CommitDraft(
      CommitRequest request,
      Traffic traffic,
      LiveNames names,
      SessionLoader loader,
      ClassUses uses,
      String executorId) {
    this.request = request;
    this.traffic = traffic;
    this.names = names;
    this.loader = loader;
    this.uses = uses;
    this.executorId = executorId;
    for (Symbol symbol : request.function().defines()) {
      defines.put(symbol.name(), symbol);
    }
  }

  /** How the cell ended; a comm message that changed more than widgets ended as a cell does. */
  Commit.Ending ending() {
    if (nothingChanged) {
      return Commit.Ending.UNCHANGED;
    }
    if (removed.isEmpty()
        && !entries.isEmpty()
        && entries.keySet().stream().allMatch(SharedUpdates::isName)) {
      // What is merged elsewhere is no step that one goes back by.
      return Commit.Ending.WIDGETS;
    }
    if (request.ending() != Commit.Ending.WIDGETS) {
      return request.ending();
    }
    Set<Name> widgets = new LinkedHashSet<>();
    for (List<Name> members : groups.keySet()) {
      if (members.stream().anyMatch(name -> name.kind() == Kind.KEPT)) {
        widgets.addAll(members);
      }
    }
    return widgets.containsAll(entries.keySet()) ? request.ending() : Commit.Ending.RETURNED;
  }

  /** What the cell merges into shared lattices goes with the commit. */
  void shared(SharedUpdates updates) {
    Name name =
        request.asynchronous() == null ? SharedUpdates.NAME : SharedUpdates.nameOf(request.stamp());
    entries.put(name, updates.entry(name, request.stamp(), request.cellNumber()));
  }

  /** A stored value that the cell may have changed, which is still to be found out. */
  void saving(Entry known) {
    entries.put(
        known.name(),
        known.saving(request.stamp(), "cell [%d]".formatted(request.cellNumber()), executorId));
  }

  /** What was to be found out, and turned out to be as it was before. */
  void restore(Map<Name, Entry> earlier) {
    nothingChanged =
        entries.isEmpty()
            && first != null
            && first.removed().isEmpty()
            && first.entries().stream().allMatch(entry -> entry.state() == Entry.State.SAVING);
    earlier.forEach(
        (name, entry) -> entries.putIfAbsent(name, entry.at(request.stamp(), entry.cellNumber())));
  }

  /** A group whose bytes are on their way. */
  void stored(
      List<Name> members,
      Key key,
      ValueEncoder.Encoded bytes,
      @Nullable Object @Nullable [] fixedRoots,
      @Nullable Object @Nullable [] elements,
      @Nullable Object[] roots) {
    Set<ClassRef> needed = uses.reach(bytes.classes().keySet());
    classes.addAll(needed);
    Set<Name> refs = uses.names(needed);
    if (members.size() > 1) {
      refs.addAll(members);
    } else {
      refs.removeAll(members);
    }
    Set<String> classes = new TreeSet<>();
    bytes.classes().keySet().forEach(ref -> classes.add(ref.binaryName()));
    groups.put(
        members,
        new Group(
            members.stream().map(Name::toString).toList(),
            key.text(),
            bytes.hash(),
            "",
            classes,
            fixedRoots,
            elements,
            names.rootOf(members)));
    for (int i = 0; i < members.size(); i++) {
      Symbol symbol = symbol(members.get(i));
      if (symbol != null) {
        entries.put(
            members.get(i),
            new Entry(
                symbol,
                request.stamp(),
                request.cellNumber(),
                Entry.State.READY,
                "",
                key.text(),
                bytes.hash(),
                bytes.sizeBytes(),
                typeName(symbol, roots[i]),
                refs,
                List.copyOf(needed),
                "",
                "",
                "",
                changeable(bytes)));
      }
    }
  }

  /** The classes of what can change in a value, as entries say it. */
  private static Set<String> changeable(ValueEncoder.Encoded value) {
    Set<String> names = new TreeSet<>();
    value.changeable().forEach(type -> names.add(type.getName()));
    // Of a value with many classes nobody asks for one of them.
    return names.isEmpty() ? Entry.FIXED : names.size() > MAX_CLASSES ? Set.of() : names;
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

  /** A group that has no bytes. */
  void unstorable(GroupEncoder.Outcome outcome, @Nullable Group before) {
    UnstorableException why = outcome.why();
    String reason =
        why == null
            ? "could not be stored"
            : (why.path() + " " + why.reason()).replaceAll("^(k:[^.\\s]*|[vs]:)", "").strip();
    List<String> spelled = outcome.names().stream().map(Name::toString).toList();
    boolean told =
        before != null && before.names().equals(spelled) && before.reason().equals(reason);
    groups.put(outcome.names(), new Group(spelled, null, "", reason, Set.of(), null, null, ""));
    for (Name name : outcome.names()) {
      Symbol symbol = symbol(name);
      Entry known = names.entry(name);
      if (symbol == null || (told && known != null && known.symbol().equals(symbol))) {
        continue;
      }
      Entry stored =
          known != null && known.symbol().type().equals(symbol.type())
              ? known
              : Entry.definition(symbol, request.stamp(), request.cellNumber());
      entries.put(
          name,
          stored
              .with(symbol)
              .unstorable(request.stamp(), request.cellNumber(), reason, executorId));
    }
    if (!told) {
      notices.add(
          "%s cannot be stored: %s%s"
              .formatted(
                  spoken(outcome.names()),
                  reason,
                  request.asynchronous() == null
                      ? "; it works until this executor ends"
                      : ", as what an asynchronous cell makes must be;"
                          + " run it without %%async, or under %config async=off"));
    }
  }

  /** Names as the user knows them: a widget's own name is nobody's word. */
  private static String spoken(List<Name> names) {
    String spelled =
        names.stream()
            .filter(name -> name.kind() != Kind.KEPT)
            .map(name -> "`" + name.text() + "`")
            .collect(Collectors.joining(", "));
    return spelled.isEmpty() ? "what a widget or a renderer holds" : spelled;
  }

  private @Nullable Symbol symbol(Name name) {
    Symbol defined = defines.get(name);
    if (defined == null) {
      defined = names.keptAs(name);
    }
    if (defined != null) {
      return defined;
    }
    Entry known = names.entry(name);
    Class<?> holder = name.kind() == Kind.STATICS ? names.holder(name) : null;
    if (known != null && (holder == null || known.symbol().className().equals(holder.getName()))) {
      return known.symbol();
    }
    if (holder == null) {
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
        null,
        List.of());
  }

  /** A name whose stored value does not fit the type that the cell redefined. */
  void stale(Name name, String why) {
    Entry known = names.entry(name);
    if (known == null || entries.containsKey(name)) {
      return;
    }
    Symbol symbol = defines.getOrDefault(name, known.symbol());
    entries.put(
        name,
        new Entry(
            symbol,
            request.stamp(),
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
    notices.add(
        "`%s` could not be carried over: %s; run cell [%d] again"
            .formatted(name.text(), why, known.cellNumber()));
  }

  /** A name whose value is as it was: its entry changes only when its definition did. */
  void redefine(Name name) {
    Symbol symbol = defines.get(name);
    Entry known = names.entry(name);
    if (symbol != null && known != null && !known.symbol().equals(symbol)) {
      entries.put(name, known.with(symbol).at(request.stamp(), request.cellNumber()));
    }
  }

  /** Static state that types which the cell defined anew do not have any more. */
  void dropStatics() {
    Set<Name> made = new LinkedHashSet<>();
    request.function().initialises().forEach(type -> made.add(Name.statics(type.text())));
    for (Symbol symbol : defines.values()) {
      Entry known = names.entry(symbol.name());
      if (symbol.name().kind() != Kind.TYPE
          || known == null
          || known.symbol().className().equals(symbol.className())) {
        continue;
      }
      boolean rewritten = !known.symbol().sources().equals(symbol.sources());
      Set<String> classes = new LinkedHashSet<>();
      symbol.classes().forEach(ref -> classes.add(ref.binaryName()));
      for (Name name : names.staticsOf(symbol.name())) {
        boolean stays = !rewritten && classes.contains(name.classIn(symbol.className()));
        if (!stays && !made.contains(name) && !entries.containsKey(name)) {
          removed.add(name);
        }
      }
    }
  }

  /** Definitions whose value is not here, or that have none. */
  void define(Collection<Name> withValue) {
    for (Symbol symbol : defines.values()) {
      classes.addAll(symbol.classes());
      if (withValue.contains(symbol.name())) {
        continue;
      }
      Entry known = names.entry(symbol.name());
      if (known == null) {
        entries.put(symbol.name(), Entry.definition(symbol, request.stamp(), request.cellNumber()));
      } else {
        redefine(symbol.name());
      }
    }
  }
}
