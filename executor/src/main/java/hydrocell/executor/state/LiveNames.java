package hydrocell.executor.state;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What this executor knows and holds of the session's names: their entries, the classes that hold
 * their values, and values that no class has asked for yet. Thread-safe: every method is short and
 * synchronized, none calls code of the user.
 */
final class LiveNames {
  /** A value that was read and whose holder was not initialised yet. */
  record Waiting(@Nullable Object value) {}

  private final Map<Name, Entry> entries = new HashMap<>();
  private final Map<Name, List<Class<?>>> holders = new HashMap<>();
  private final Map<Name, Waiting> waiting = new HashMap<>();
  private final Map<Name, Group> groups = new HashMap<>();
  private final Map<Name, String> presentClasses = new HashMap<>();
  private final Set<Name> touched = new LinkedHashSet<>();
  private boolean constantsOutdated;
  private final Map<Name, Symbol> kept = new HashMap<>();
  private final Map<Name, Entry> dropped = new LinkedHashMap<>();

  /** Takes an entry; a value held here that is not the one it names any more is forgotten. */
  synchronized void learn(Entry entry) {
    entries.put(entry.name(), entry);
    present(entry.name(), entry.symbol().className());
    Group group = groups.get(entry.name());
    boolean here = entry.state() == Entry.State.UNSTORABLE;
    String key = here ? null : entry.valueKey();
    if (group != null && !java.util.Objects.equals(group.valueKey(), key)) {
      forget(entry.name());
    }
  }

  /** Learns which class holds a name from now on. */
  synchronized void present(Name name, String className) {
    if (!className.isEmpty()) {
      presentClasses.put(name, className);
    }
  }

  /** Whether a name is defined, by an entry or by the cell that runs. */
  synchronized boolean isDefined(Name name) {
    return presentClasses.containsKey(name);
  }

  /** Whether the code in a stored value refers to a name. */
  synchronized boolean isOfValues(Name name) {
    return entries.values().stream().anyMatch(entry -> entry.valueRefs().contains(name));
  }

  /** Whether a class is the one that holds a name now; static fields are where their type is. */
  synchronized boolean isPresent(Name name, Class<?> holder) {
    String present;
    if (name.kind() == Kind.STATICS) {
      String declared = presentClasses.get(name.declaredType());
      present = declared == null ? null : name.classIn(declared);
    } else {
      present = presentClasses.get(name);
    }
    return present == null || present.equals(holder.getName());
  }

  /** The static state that is known of a type and of those nested in it. */
  synchronized List<Name> staticsOf(Name type) {
    return entries.keySet().stream()
        .filter(name -> name.kind() == Kind.STATICS && name.declaredType().equals(type))
        .toList();
  }

  /** The class whose fields are the value of a name; null when none was initialised. */
  synchronized @Nullable Class<?> holder(Name name) {
    Class<?> last = null;
    for (Class<?> holder : holders.getOrDefault(name, List.of())) {
      if (last == null || isPresent(name, holder) || !isPresent(name, last)) {
        last = holder;
      }
    }
    return last;
  }

  /** Takes an entry that this executor itself wrote. */
  synchronized void wrote(Entry entry) {
    entries.put(entry.name(), entry);
  }

  /** Forgets a name; the classes that held it are returned. */
  synchronized List<Class<?>> remove(Name name) {
    entries.remove(name);
    presentClasses.remove(name);
    forget(name);
    return holdersOf(name);
  }

  /** Forgets a name's value, so that it is read again. */
  synchronized void forget(Name name) {
    groups.remove(name);
    waiting.remove(name);
    constantsOutdated |= isInInterface(name);
  }

  /** Whether a value lies in fields of an interface, which are set once for all. */
  synchronized boolean isInInterface(Name name) {
    return name.kind() == Kind.STATICS && holdersOf(name).stream().anyMatch(Class::isInterface);
  }

  /** Whether the fields of an interface hold what is not the session's value any more. */
  synchronized boolean constantsOutdated() {
    return constantsOutdated;
  }

  synchronized @Nullable Entry entry(Name name) {
    return entries.get(name);
  }

  /** A class that holds a name was initialised. */
  synchronized void touch(Name name, Class<?> holder) {
    List<Class<?>> known = holders.computeIfAbsent(name, n -> new ArrayList<>());
    if (!known.contains(holder)) {
      known.add(holder);
    }
    touched.add(name);
  }

  /** The class that was to hold a name failed to initialise: nothing can be read from it. */
  synchronized void lost(Name name, Class<?> holder) {
    List<Class<?>> known = holders.getOrDefault(name, new ArrayList<>());
    known.remove(holder);
    if (known.isEmpty()) {
      holders.remove(name);
      touched.remove(name);
    }
    forget(name);
  }

  /** A name without a holder was used, and its value may have been changed. */
  synchronized void use(Name name) {
    touched.add(name);
  }

  /** An object is kept under a name from now on. */
  synchronized void keep(Symbol symbol, Object value) {
    Name name = symbol.name();
    waiting.put(name, new Waiting(value));
    kept.put(name, symbol);
    touched.add(name);
    dropped.remove(name);
  }

  /** An object is not kept any more. */
  synchronized void drop(Name name) {
    Entry known = entries.remove(name);
    if (known != null) {
      dropped.put(name, known);
    }
    forget(name);
    kept.remove(name);
    touched.remove(name);
  }

  /** What an object is kept as that no commit has written yet; null when one has. */
  synchronized @Nullable Symbol keptAs(Name name) {
    return kept.get(name);
  }

  /** The keys of kept objects that are known here and begin like this. */
  synchronized Set<String> keptKeys(String prefix) {
    Set<String> keys = new LinkedHashSet<>();
    for (Set<Name> names : List.of(entries.keySet(), kept.keySet())) {
      for (Name name : names) {
        if (name.kind() == Kind.KEPT && name.text().startsWith(prefix)) {
          keys.add(name.text());
        }
      }
    }
    return keys;
  }

  /** What was kept and is not any more, with what the manifest still says of it. */
  synchronized Map<Name, Entry> droppedSinceLastCommit() {
    return new LinkedHashMap<>(dropped);
  }

  synchronized Set<Name> touchedSinceLastCommit() {
    return new LinkedHashSet<>(touched);
  }

  synchronized void committed() {
    touched.clear();
    kept.clear();
    dropped.clear();
  }

  synchronized List<Class<?>> holdersOf(Name name) {
    return List.copyOf(holders.getOrDefault(name, List.of()));
  }

  /** Whether the value of a name is here, in a field or waiting for one. */
  synchronized boolean holds(Name name) {
    return groups.containsKey(name);
  }

  synchronized @Nullable Group group(Name name) {
    return groups.get(name);
  }

  /** What the stored value of these names calls the one that it is of, see {@link Group#root}. */
  synchronized String rootOf(List<Name> members) {
    Group group = members.size() == 1 ? groups.get(members.getFirst()) : null;
    return group == null ? "" : group.root();
  }

  synchronized void group(Collection<Name> names, Group group) {
    for (Name name : names) {
      groups.put(name, group);
    }
  }

  synchronized void await(Name name, @Nullable Object value) {
    waiting.put(name, new Waiting(value));
  }

  synchronized @Nullable Waiting waiting(Name name) {
    return waiting.get(name);
  }

  synchronized void installed(Name name) {
    waiting.remove(name);
  }

  /** Names with initialised classes. */
  synchronized Set<Name> withHolders() {
    return new LinkedHashSet<>(holders.keySet());
  }

  /** Names with a value here. */
  synchronized Set<Name> held() {
    return new LinkedHashSet<>(groups.keySet());
  }

  /** Names whose value was carried over to a new version of its type and is not stored so yet. */
  synchronized Set<Name> carriedOver() {
    Set<Name> found = new LinkedHashSet<>();
    groups.forEach((name, group) -> {
      if (group.stored() && group.hash().isEmpty()) {
        found.add(name);
      }
    });
    return found;
  }

  /** All groups with a value here. */
  synchronized Set<Group> allGroups() {
    return new LinkedHashSet<>(groups.values());
  }

  /** What is reached from some names through definitions and the code in values. */
  synchronized Map<Name, Entry> closure(Collection<Name> names) {
    Map<Name, Entry> reached = new LinkedHashMap<>();
    Deque<Name> open = new ArrayDeque<>(names);
    while (!open.isEmpty()) {
      Name name = open.poll();
      Entry entry = entries.get(name);
      if (entry == null || reached.putIfAbsent(name, entry) != null) {
        continue;
      }
      open.addAll(entry.symbol().refs());
      open.addAll(entry.symbol().reads());
      open.addAll(entry.symbol().writes());
      open.addAll(entry.valueRefs());
    }
    return reached;
  }

  /** Whether a kind of name has a value. */
  static boolean hasValue(Name name) {
    return name.kind() == Kind.VARIABLE || name.kind() == Kind.STATICS || name.kind() == Kind.KEPT;
  }

  /** Forgets everything that is bound to classes. */
  synchronized void discardClasses() {
    holders.clear();
    waiting.clear();
    groups.clear();
    touched.clear();
  }
}
