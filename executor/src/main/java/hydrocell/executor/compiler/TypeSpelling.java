package hydrocell.executor.compiler;

import java.util.stream.Collectors;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/**
 * Spells a type that javac inferred as source. Types that source cannot spell are projected
 * upwards: an anonymous class to what it extends or implements, an intersection to its first bound,
 * a capture to its upper bound.
 */
final class TypeSpelling {
  private static final int MAX_DEPTH = 12;

  private TypeSpelling() {}

  /** The spelling; null when the type is void, null or unknown. */
  static @Nullable String of(TypeMirror type, Types types) {
    return spell(type, types, 0);
  }

  /**
   * What stands in the head of a class that is to be like an anonymous one; null for any other
   * type.
   *
   * @param spelled the type projected upwards
   */
  static @Nullable String headOfAnonymous(TypeMirror type, String spelled) {
    if (type instanceof DeclaredType declared
        && declared.asElement() instanceof TypeElement element
        && element.getNestingKind() == NestingKind.ANONYMOUS) {
      return (element.getInterfaces().isEmpty() ? "extends " : "implements ") + spelled;
    }
    return null;
  }

  private static @Nullable String spell(TypeMirror type, Types types, int depth) {
    if (depth > MAX_DEPTH) {
      return "java.lang.Object";
    }
    TypeKind kind = type.getKind();
    if (kind.isPrimitive()) {
      return type.toString();
    }
    return switch (kind) {
      case ARRAY -> {
        String element = spell(((ArrayType) type).getComponentType(), types, depth + 1);
        yield element == null ? null : element + "[]";
      }
      case DECLARED -> declared((DeclaredType) type, types, depth);
      case INTERSECTION ->
          spell(((IntersectionType) type).getBounds().getFirst(), types, depth + 1);
      case TYPEVAR -> spell(((TypeVariable) type).getUpperBound(), types, depth + 1);
      default -> null;
    };
  }

  private static @Nullable String declared(DeclaredType type, Types types, int depth) {
    TypeElement element = (TypeElement) type.asElement();
    if (element.getNestingKind() == NestingKind.ANONYMOUS) {
      TypeMirror above =
          element.getInterfaces().isEmpty()
              ? element.getSuperclass()
              : element.getInterfaces().getFirst();
      return spell(above, types, depth + 1);
    }
    if (element.getNestingKind() == NestingKind.LOCAL) {
      return spell(element.getSuperclass(), types, depth + 1);
    }
    String name = element.getQualifiedName().toString();
    if (type.getTypeArguments().isEmpty()) {
      return name;
    }
    return name
        + type.getTypeArguments().stream()
            .map(argument -> argument(argument, types, depth + 1))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  private static String argument(TypeMirror type, Types types, int depth) {
    if (type instanceof WildcardType wildcard) {
      TypeMirror above = wildcard.getExtendsBound();
      TypeMirror below = wildcard.getSuperBound();
      if (above != null) {
        return "? extends " + spell(above, types, depth);
      }
      return below != null ? "? super " + spell(below, types, depth) : "?";
    }
    boolean spellable =
        type.getKind() == TypeKind.ARRAY
            || (type instanceof DeclaredType declared
                && ((TypeElement) declared.asElement()).getNestingKind() != NestingKind.ANONYMOUS
                && ((TypeElement) declared.asElement()).getNestingKind() != NestingKind.LOCAL);
    String spelled = spell(type, types, depth);
    if (spelled == null) {
      return "?";
    }
    return spellable ? spelled : "? extends " + spelled;
  }
}
