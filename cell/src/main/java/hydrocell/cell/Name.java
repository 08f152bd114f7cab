package hydrocell.cell;

import java.util.Comparator;

/**
 * A name of a session. Java keeps variables, methods and types in namespaces of their own, so the
 * kind belongs to the name. Immutable.
 *
 * @param kind the namespace
 * @param text the name as the user spells it
 */
public record Name(Kind kind, String text) implements Comparable<Name> {
  private static final Comparator<Name> ORDER =
      Comparator.comparing(Name::kind).thenComparing(Name::text);

  /** A variable. */
  public static Name variable(String text) {
    return new Name(Kind.VARIABLE, text);
  }

  /** A group of methods. */
  public static Name method(String text) {
    return new Name(Kind.METHOD, text);
  }

  /** A type. */
  public static Name type(String text) {
    return new Name(Kind.TYPE, text);
  }

  /** The static fields of a type; a nested one is spelled {@code Outer.Inner}. */
  public static Name statics(String typeText) {
    return new Name(Kind.STATICS, typeText);
  }

  /** The type that a cell declares around or as this one: {@code Outer} of {@code Outer.Inner}. */
  public Name declaredType() {
    int dot = text.indexOf('.');
    return type(dot < 0 ? text : text.substring(0, dot));
  }

  /** Binary name of this type's class, given that of {@link #declaredType}. */
  public String classIn(String declaredClass) {
    int dot = text.indexOf('.');
    return dot < 0 ? declaredClass : declaredClass + text.substring(dot).replace('.', '$');
  }

  /** An object that {@code hydrocell.api} keeps with the session. */
  public static Name kept(String key) {
    return new Name(Kind.KEPT, key);
  }

  /** Reads what {@link #toString} wrote. */
  public static Name parse(String spelling) {
    if (spelling.length() < 3 || spelling.charAt(1) != ':') {
      throw new IllegalArgumentException("not a name: " + spelling);
    }
    return new Name(Kind.of(spelling.charAt(0)), spelling.substring(2));
  }

  @Override
  public int compareTo(Name other) {
    return ORDER.compare(this, other);
  }

  /** The spelling in keys and generated code: kind letter, colon, text. */
  @Override
  public String toString() {
    return kind.letter() + ":" + text;
  }
}
