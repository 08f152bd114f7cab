package hydrocell.cell;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A compiled cell: what an executor needs to run it, and what the manifest must learn from it. It
 * depends on nothing but the cell's source and the symbols that it refers to. Immutable.
 *
 * @param hash identity: the same source against the same symbols has the same hash
 * @param language {@code java}; reserved for other languages
 * @param entryClass binary name of the class whose {@code public static Object $run() throws
 *     Throwable} runs the cell's statements; null when the cell only declares
 * @param showsResult whether what {@code $run} returns is the cell's result
 * @param resultType static type of the result as Java source; empty when there is none
 * @param classes every class that this cell's compilation made and that its entry or its
 *     definitions need; also those that an earlier compilation made already
 * @param defines symbols that are new or replaced, with dependents that were compiled again
 * @param initialises types, in order, whose static initialiser runs at this definition, nested ones
 *     among them: the executor initialises the class and calls its {@code $initialise()}
 * @param reads variables and statics that the cell's own statements read directly
 * @param writes variables and statics that they write directly, those it declares among them
 * @param refs names of every kind that they refer to directly
 * @param notes what the user should be told, such as a dependent that no longer compiles
 * @param declares variables that they declare, as they may have been declared before
 * @param effects of its own statements, that of definitions not counted; null when they are not
 *     known
 */
public record CellFunction(
    String hash,
    String language,
    @Nullable String entryClass,
    boolean showsResult,
    String resultType,
    List<ClassFile> classes,
    List<Symbol> defines,
    List<Name> initialises,
    Set<Name> reads,
    Set<Name> writes,
    Set<Name> refs,
    List<String> notes,
    Set<Name> declares,
    @Nullable Effects effects) {
  /** The method that runs the statements of a cell; no user's method is likely to hide it. */
  public static final String RUN = "$run";

  /** The method that it calls when the cell has no result. */
  public static final String BODY = "$body";

  /** Binary name of the class of one of the types that are initialised. */
  public String initialisedClass(Name type) {
    for (Symbol symbol : defines) {
      if (symbol.name().equals(type.declaredType())) {
        return type.classIn(symbol.className());
      }
    }
    throw new IllegalArgumentException(type + " is not defined by this cell");
  }

  /** A function without statements of its own: a call into hydrocell.api that reads these names. */
  public static CellFunction call(Set<Name> reads) {
    return new CellFunction(
        "", "java", null, false, "", List.of(), List.of(), List.of(), reads, Set.of(), Set.of(),
        List.of(), Set.of(), null);
  }
}
