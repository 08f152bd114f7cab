package hydrocell.cell;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What code may do besides making new objects and assigning names, as its bytecode shows. It is
 * cautious: what is not known to be harmless counts as harmful. Immutable.
 *
 * @param outside what it calls first that may reach beyond the notebook's names, for people, such
 *     as {@code java.nio.file.Files.writeString}; empty when nothing does
 * @param changes kinds of objects that were there before and that it may change: a class of the
 *     session by its binary name, {@code [I} and the like for arrays ({@code [L} for arrays of
 *     objects), {@link #JDK} for objects of the JDK, {@link #ANYTHING}
 * @param brief whether it certainly ends soon: it has no loop and calls nothing that may take long
 * @param assignsObjects whether it assigns names whose values can be changed, so that they may
 *     share objects with what it reads
 */
public record Effects(String outside, Set<String> changes, boolean brief, boolean assignsObjects) {
  /** Any object. */
  public static final String ANYTHING = "*";

  /** Any object of a class of the JDK that is no array. */
  public static final String JDK = "java";

  /** None. */
  public static final Effects NONE = new Effects("", Set.of(), true, false);

  /** Of code of which nothing is known. */
  public static final Effects UNKNOWN = new Effects("unknown code", Set.of(ANYTHING), false, true);

  /** These and others; null stands for those of code of which nothing is known. */
  public Effects and(@Nullable Effects others) {
    Effects more = others == null ? UNKNOWN : others;
    if (more.equals(NONE)) {
      return this;
    }
    Set<String> all = new LinkedHashSet<>(changes);
    all.addAll(more.changes);
    return new Effects(
        outside.isEmpty() ? more.outside : outside,
        all,
        brief && more.brief,
        assignsObjects || more.assignsObjects);
  }

  /** Whether the code may have effects outside the notebook's names. */
  public boolean reachOutside() {
    return !outside.isEmpty();
  }

  /**
   * Whether the value of an entry may change in the hands of the code, or come to share objects
   * with another name's: names that share objects are stored together, so both are written then.
   */
  public boolean mayTouch(Entry entry) {
    if (assignsObjects || changes.stream().anyMatch(Effects::holdsObjects)) {
      return true;
    }
    boolean known = entry.state() != Entry.State.PENDING && !entry.changeable().isEmpty();
    return known ? changes.stream().anyMatch(entry.changeable()::contains) : !changes.isEmpty();
  }

  /** Whether objects of a kind can hold others; arrays of numbers cannot. */
  private static boolean holdsObjects(String kind) {
    return kind.length() != 2 || kind.equals("[L");
  }
}
