package hydrocell.executor.compiler;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.TypeParameterElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.IntersectionType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.UnionType;
import javax.lang.model.type.WildcardType;

/** Types and signatures as people write them: without packages. */
final class Signatures {
  private static final int MAX_DEPTH = 6;

  private Signatures() {}

  /** A type, by simple names. */
  static String type(TypeMirror type) {
    return type(type, 0);
  }

  private static String type(TypeMirror type, int depth) {
    if (depth > MAX_DEPTH) {
      return "…";
    }
    return switch (type) {
      case ArrayType array -> type(array.getComponentType(), depth + 1) + "[]";
      case IntersectionType both -> all(both.getBounds(), " & ", depth);
      case UnionType either -> all(either.getAlternatives(), " | ", depth);
      case DeclaredType declared -> {
        String name = declared.asElement().getSimpleName().toString();
        yield declared.getTypeArguments().isEmpty()
            ? (name.isEmpty() ? anonymous(declared, depth) : name)
            : name + "<" + all(declared.getTypeArguments(), ", ", depth) + ">";
      }
      case TypeVariable variable -> {
        String name = variable.asElement().getSimpleName().toString();
        yield name.startsWith("capture") || name.startsWith("<")
            ? "? extends " + type(variable.getUpperBound(), depth + 1)
            : name;
      }
      case WildcardType wildcard -> {
        TypeMirror above = wildcard.getExtendsBound();
        TypeMirror below = wildcard.getSuperBound();
        yield above != null
            ? "? extends " + type(above, depth + 1)
            : below != null ? "? super " + type(below, depth + 1) : "?";
      }
      default -> type.toString();
    };
  }

  private static String anonymous(DeclaredType type, int depth) {
    TypeElement element = (TypeElement) type.asElement();
    return type(
        element.getInterfaces().isEmpty()
            ? element.getSuperclass()
            : element.getInterfaces().getFirst(),
        depth + 1);
  }

  private static String all(List<? extends TypeMirror> types, String between, int depth) {
    return types.stream().map(each -> type(each, depth + 1)).collect(Collectors.joining(between));
  }

  /** The parameters of a method in brackets, with names where javac knows them. */
  static String parameters(ExecutableElement method, ExecutableType as, List<String> names) {
    StringBuilder text = new StringBuilder("(");
    List<? extends TypeMirror> types = as.getParameterTypes();
    for (int i = 0; i < types.size(); i++) {
      boolean rest = method.isVarArgs() && i == types.size() - 1;
      TypeMirror type = types.get(i);
      text.append(i == 0 ? "" : ", ");
      text.append(
          rest && type instanceof ArrayType array
              ? type(array.getComponentType()) + "..."
              : type(type));
      if (i < names.size()) {
        text.append(' ').append(names.get(i));
      }
    }
    return text.append(')').toString();
  }

  /** The names of a method's parameters; none when its class file does not tell them. */
  static List<String> parameterNames(ExecutableElement method) {
    List<String> names =
        method.getParameters().stream().map(each -> each.getSimpleName().toString()).toList();
    return names.stream().allMatch(each -> each.matches("arg\\d+")) ? List.of() : names;
  }

  /**
   * An element as it might be declared, without a body.
   *
   * @param names of its parameters, where its author wrote them
   */
  static String declaration(Element element, TypeMirror as, List<String> names) {
    String modifiers =
        element.getModifiers().stream()
            .filter(each -> isTelling(each, element))
            .map(each -> each + " ")
            .collect(Collectors.joining());
    if (element instanceof ExecutableElement method) {
      ExecutableType type = (ExecutableType) as;
      boolean constructor = element.getKind() == ElementKind.CONSTRUCTOR;
      return modifiers
          + typeParameters(method.getTypeParameters())
          + (constructor
              ? Spot.owner(element).getSimpleName()
              : type(type.getReturnType()) + " " + element.getSimpleName())
          + parameters(method, type, names.isEmpty() ? parameterNames(method) : names)
          + (type.getThrownTypes().isEmpty()
              ? ""
              : " throws " + all(type.getThrownTypes(), ", ", 0));
    }
    if (element instanceof TypeElement type) {
      return modifiers + header(type);
    }
    return element instanceof PackageElement named
        ? "package " + named.getQualifiedName()
        : modifiers + type(as) + " " + element.getSimpleName();
  }

  /** Whether a modifier says what the kind of the element does not say already. */
  private static boolean isTelling(Modifier modifier, Element element) {
    boolean type = element instanceof TypeElement;
    boolean plainClass = element.getKind() == ElementKind.CLASS;
    return switch (modifier) {
      case PUBLIC, NATIVE, SYNCHRONIZED, STRICTFP -> false;
      case ABSTRACT, STATIC, FINAL -> !type || (plainClass && modifier != Modifier.STATIC);
      default -> true;
    };
  }

  private static String header(TypeElement type) {
    String word =
        switch (type.getKind()) {
          case INTERFACE -> "interface ";
          case ENUM -> "enum ";
          case RECORD -> "record ";
          case ANNOTATION_TYPE -> "@interface ";
          default -> "class ";
        };
    TypeMirror above = type.getSuperclass();
    String components =
        type.getRecordComponents().stream()
            .map(each -> type(each.asType()) + " " + each.getSimpleName())
            .collect(Collectors.joining(", ", "(", ")"));
    boolean plain =
        above.getKind() == TypeKind.NONE
            || type.getKind() != ElementKind.CLASS
            || above.toString().equals("java.lang.Object");
    String interfaces =
        type.getKind() == ElementKind.ANNOTATION_TYPE ? "" : all(type.getInterfaces(), ", ", 0);
    return word
        + type.getSimpleName()
        + typeParameters(type.getTypeParameters()).strip()
        + (type.getKind() == ElementKind.RECORD ? components : "")
        + (plain ? "" : " extends " + type(above))
        + (interfaces.isEmpty()
            ? ""
            : (type.getKind() == ElementKind.INTERFACE ? " extends " : " implements ")
                + interfaces);
  }

  private static String typeParameters(List<? extends TypeParameterElement> parameters) {
    return parameters.isEmpty()
        ? ""
        : parameters.stream()
            .map(each -> {
              String bounds = all(each.getBounds(), " & ", 0);
              return each.getSimpleName()
                  + (bounds.isEmpty() || bounds.equals("Object") ? "" : " extends " + bounds);
            })
            .collect(Collectors.joining(", ", "<", "> "));
  }

  /** What a proposal says of a field, variable or type beside its name. */
  static String of(Element element, TypeMirror as) {
    return element instanceof VariableElement ? type(as) : "";
  }

  /** The word for what an element is. */
  static String kind(Element element) {
    ElementKind kind = element.getKind();
    if (Set.of(ElementKind.FIELD, ElementKind.ENUM_CONSTANT).contains(kind)) {
      return kind == ElementKind.FIELD ? "field" : "constant";
    }
    return switch (kind) {
      case CLASS -> "class";
      case INTERFACE -> "interface";
      case ENUM -> "enum";
      case RECORD -> "record";
      case ANNOTATION_TYPE -> "annotation";
      case METHOD, CONSTRUCTOR -> "method";
      case PACKAGE -> "package";
      case MODULE -> "module";
      case TYPE_PARAMETER -> "type parameter";
      default -> "variable";
    };
  }

  /** The type of what an element gives when it is used: of a method what it returns. */
  static TypeMirror result(TypeMirror as) {
    return as instanceof ExecutableType method ? method.getReturnType() : as;
  }

  /** Whether a type is void, and so no value. */
  static boolean isVoid(TypeMirror type) {
    return type.getKind() == TypeKind.VOID;
  }
}
