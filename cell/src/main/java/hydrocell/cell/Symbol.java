package hydrocell.cell;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a name is defined: all that the compiler needs to compile against it, and to compile it again
 * when something it refers to has changed. Immutable.
 *
 * @param name what is defined
 * @param className binary name of the generated class that stands for this version: the holder of a
 *     variable (field named like the variable), the class of a method group, the user's own class
 *     of a type (not its versioned outer class); empty for imports, dependencies and settings, and
 *     for what does not compile yet
 * @param type for a variable its type as Java source, session types by their plain names; for a
 *     setting or dependency its value; else empty
 * @param descriptor for a variable its field descriptor; else empty
 * @param sources the declarations as the user wrote them: one for a type or import, one per
 *     overload for a method group
 * @param classes every generated class that belongs to this definition
 * @param refs names of the session that the definition refers to directly, of every kind
 * @param missing names that it refers to and that are not defined or do not compile: it is then
 *     defined and unusable
 * @param reads variables and statics that its code reads directly
 * @param writes variables and statics that its code writes directly
 * @param broken why it cannot be used, in words for the user; null when it can
 * @param lines the lines, 1-based, by the line numbers in the class files, on which the
 *     declarations of {@code sources} begin, comments above them not counted; empty for what has no
 *     code of its own, and for what an earlier build compiled
 * @param effects of its methods' own code, that of other definitions not counted; null when they
 *     are not known
 */
public record Symbol(
    Name name,
    String className,
    String type,
    String descriptor,
    List<String> sources,
    List<ClassRef> classes,
    Set<Name> refs,
    Set<String> missing,
    Set<Name> reads,
    Set<Name> writes,
    @Nullable String broken,
    List<Integer> lines,
    @Nullable Effects effects) {

  /** A definition of whose effects nothing is known. */
  public Symbol(
      Name name,
      String className,
      String type,
      String descriptor,
      List<String> sources,
      List<ClassRef> classes,
      Set<Name> refs,
      Set<String> missing,
      Set<Name> reads,
      Set<Name> writes,
      @Nullable String broken,
      List<Integer> lines) {
    this(
        name,
        className,
        type,
        descriptor,
        sources,
        classes,
        refs,
        missing,
        reads,
        writes,
        broken,
        lines,
        null);
  }

  /** A name without code: an import, a dependency or a setting. */
  public static Symbol plain(Name name, String value) {
    return new Symbol(
        name,
        "",
        value,
        "",
        List.of(value),
        List.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        Set.of(),
        null,
        List.of());
  }

  /** The same definition with other sources: other comments, for example. */
  public Symbol withSources(List<String> newSources) {
    return new Symbol(
        name,
        className,
        type,
        descriptor,
        newSources,
        classes,
        refs,
        missing,
        reads,
        writes,
        broken,
        lines,
        effects);
  }
}
