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
 */
public record Effects(String outside, Set<String> changes, boolean brief) {
  /** Any object. */
  public static final String ANYTHING = "*";

  /** Any object of a class of the JDK that is no array. */
  public static final String JDK = "java";

  /** None. */
  public static final Effects NONE = new Effects("", Set.of(), true);

  /** Of code of which nothing is known. */
  public static final Effects UNKNOWN = new Effects("unknown code", Set.of(ANYTHING), false);

  /** These and others; null stands for those of code of which nothing is known. */
  public Effects and(@Nullable Effects others) {
    Effects more = others == null ? UNKNOWN : others;
    if (more.equals(NONE)) {
      return this;
    }
    Set<String> all = new LinkedHashSet<>(changes);
    all.addAll(more.changes);
    return new Effects(outside.isEmpty() ? more.outside : outside, all, brief && more.brief);
  }

  /** Whether the code may have effects outside the notebook's names. */
  public boolean reachOutside() {
    return !outside.isEmpty();
  }

  /** Whether the value of an entry may change in the hands of the code. */
  public boolean mayChange(Entry entry) {
    Set<String> there = entry.changeable();
    if (changes.isEmpty() || there.equals(Entry.FIXED)) {
      return false;
    }
    if (there.isEmpty() || changes.contains(ANYTHING)) {
      return true;
    }
    for (String kind : changes) {
      if (kind.startsWith("[")
          ? there.stream().anyMatch(each -> isArray(each, kind))
          : kind.equals(JDK)
              ? there.stream().anyMatch(Effects::isJdk)
              : entry.valueClasses().stream().anyMatch(ref -> ref.binaryName().equals(kind))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isArray(String binaryName, String kind) {
    return kind.equals("[L")
        ? binaryName.startsWith("[L") || binaryName.startsWith("[[")
        : binaryName.equals(kind);
  }

  private static boolean isJdk(String binaryName) {
    return !binaryName.startsWith("[") && !binaryName.startsWith("cell.");
  }
}
