package hydrocell.executor.javadoc;

import java.util.List;

/**
 * Names a declaration: a type, or a member of it. Immutable.
 *
 * @param types the qualified name of the outermost class, then the simple names of those nested in
 *     it as far as the one that is meant or that the member is in
 * @param name of a field or method; {@value #CONSTRUCTOR} of a constructor; empty for the type
 * @param parameters simple names of the parameters' types as written, without type arguments, with
 *     brackets; empty for all but methods and constructors
 */
public record Member(List<String> types, String name, List<String> parameters) {
  /** What stands for the name of a constructor. */
  public static final String CONSTRUCTOR = "<init>";

  /** The type that the member is in. */
  public Member type() {
    return new Member(types, "", List.of());
  }

  boolean isType() {
    return name.isEmpty();
  }
}
