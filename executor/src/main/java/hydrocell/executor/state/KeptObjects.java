package hydrocell.executor.state;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Objects that {@code hydrocell.api} keeps with the session under keys of its own, as open comms:
 * names like any others, but without a class that holds them. They share objects with variables as
 * variables do with each other, are read when they are first asked for, and are committed with the
 * cell that used them. Thread-safe.
 */
public final class KeptObjects {
  /** What a key ends with that stands for all that begin like it. */
  public static final String ALL = "*";

  private final LiveNames names;
  private final Consumer<Name> ask;
  private final Consumer<Entry> read;
  private final Set<String> listed = new HashSet<>();

  /**
   * The kept objects of a session.
   *
   * @param ask learns from the kernel what there is under a name
   * @param read brings the value of an entry here
   */
  KeptObjects(LiveNames names, Consumer<Name> ask, Consumer<Entry> read) {
    this.names = names;
    this.ask = ask;
    this.read = read;
  }

  /**
   * The object under a key; null when there is none. From now on the next commit looks whether it
   * changed.
   *
   * @throws UnreadableNameException when there is one that cannot be read
   */
  public @Nullable Object get(String key) {
    Name name = Name.kept(key);
    LiveNames.Waiting here = names.waiting(name);
    if (here == null) {
      if (names.entry(name) == null) {
        ask.accept(name);
      }
      Entry entry = names.entry(name);
      if (entry == null) {
        return null;
      }
      read.accept(entry);
      here = names.waiting(name);
    }
    names.use(name);
    return here == null ? null : here.value();
  }

  /** Keeps an object; the label can be read without reading the object. */
  public void put(String key, String label, Object value) {
    names.keep(Symbol.plain(new Name(Kind.KEPT, key), label), value);
  }

  /** Keeps the object under a key no longer. */
  public void remove(String key) {
    Name name = Name.kept(key);
    if (names.entry(name) == null && names.waiting(name) == null) {
      ask.accept(name);
    }
    names.drop(name);
  }

  /** All keys that begin like this. The kernel is asked once; what changes then is told. */
  public Set<String> keys(String prefix) {
    synchronized (listed) {
      if (listed.add(prefix)) {
        ask.accept(Name.kept(prefix + ALL));
      }
    }
    return names.keptKeys(prefix);
  }
}
