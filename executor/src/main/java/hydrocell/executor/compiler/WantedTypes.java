package hydrocell.executor.compiler;

import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.CatchTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.LambdaExpressionTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** Which types an expression may have at its place, as far as javac knows: none is any. */
final class WantedTypes {
  private final Spot spot;

  private WantedTypes(Spot spot) {
    this.spot = spot;
  }

  /** The types that are wanted of the expression that the place is part of. */
  static List<TypeMirror> at(Spot spot) {
    return new WantedTypes(spot).of(spot.path).stream().filter(Spot::isKnown).toList();
  }

  private List<TypeMirror> of(TreePath path) {
    Tree leaf = path.getLeaf();
    TreePath above = path.getParentPath();
    return switch (above.getLeaf()) {
      case MethodInvocationTree call when call.getMethodSelect() == leaf -> of(above);
      case MethodInvocationTree call -> ofArgument(above, call, leaf);
      case NewClassTree made when made.getIdentifier() == leaf -> of(above);
      case NewClassTree made -> ofArgument(above, made, leaf);
      case VariableTree variable when variable.getInitializer() == leaf ->
          known(spot.trees.getTypeMirror(above));
      case VariableTree variable
          when variable.getType() == leaf && above.getParentPath().getLeaf() instanceof CatchTree ->
          throwable();
      case AssignmentTree assignment when assignment.getExpression() == leaf ->
          typeOf(above, assignment.getVariable());
      case ConditionalExpressionTree either ->
          either.getCondition() == leaf ? kind(TypeKind.BOOLEAN) : of(above);
      case BinaryTree binary -> ofOperand(above, binary, leaf);
      case LambdaExpressionTree lambda when lambda.getBody() == leaf -> ofLambda(above);
      case CaseTree one -> ofSelector(above);
      case MethodTree method when method.getThrows().contains(leaf) -> throwable();
      default -> byKind(path, above);
    };
  }

  private List<TypeMirror> byKind(TreePath path, TreePath above) {
    return switch (above.getLeaf().getKind()) {
      case PARENTHESIZED, CONSTANT_CASE_LABEL, PARAMETERIZED_TYPE -> inBrackets(path, above);
      case ERRONEOUS, UNION_TYPE -> of(above);
      case RETURN -> ofReturn(above);
      case THROW -> throwable();
      case LOGICAL_COMPLEMENT -> kind(TypeKind.BOOLEAN);
      case ARRAY_ACCESS -> kind(TypeKind.INT);
      default -> List.of();
    };
  }

  private List<TypeMirror> inBrackets(TreePath path, TreePath above) {
    Tree.Kind outer = above.getParentPath().getLeaf().getKind();
    boolean condition =
        above.getLeaf() instanceof ParenthesizedTree
            && (outer == Tree.Kind.IF
                || outer == Tree.Kind.WHILE_LOOP
                || outer == Tree.Kind.DO_WHILE_LOOP);
    boolean argument =
        above.getLeaf() instanceof com.sun.source.tree.ParameterizedTypeTree generic
            && generic.getType() != path.getLeaf();
    return condition ? kind(TypeKind.BOOLEAN) : argument ? List.of() : of(above);
  }

  private static List<TypeMirror> known(@Nullable TypeMirror type) {
    return type != null && Spot.isKnown(type) ? List.of(type) : List.of();
  }

  private List<TypeMirror> typeOf(TreePath above, Tree child) {
    return known(spot.trees.getTypeMirror(new TreePath(above, child)));
  }

  private List<TypeMirror> kind(TypeKind kind) {
    return List.of(spot.types.getPrimitiveType(kind));
  }

  private List<TypeMirror> throwable() {
    return List.of(spot.elements.getTypeElement("java.lang.Throwable").asType());
  }

  private List<TypeMirror> ofOperand(TreePath above, BinaryTree binary, Tree leaf) {
    Tree other =
        binary.getLeftOperand() == leaf ? binary.getRightOperand() : binary.getLeftOperand();
    return switch (binary.getKind()) {
      case CONDITIONAL_AND, CONDITIONAL_OR -> kind(TypeKind.BOOLEAN);
      case EQUAL_TO, NOT_EQUAL_TO -> typeOf(above, other);
      case PLUS -> List.of();
      default -> kind(TypeKind.DOUBLE);
    };
  }

  private List<TypeMirror> ofReturn(TreePath from) {
    for (TreePath at = from; at != null; at = at.getParentPath()) {
      if (at.getLeaf() instanceof LambdaExpressionTree) {
        return ofLambda(at);
      }
      if (at.getLeaf() instanceof MethodTree method) {
        Tree type = method.getReturnType();
        boolean ofCell = method.getName().contentEquals("run") && at.getParentPath() != null;
        return type == null || (ofCell && isObject(at, type)) ? List.of() : typeOf(at, type);
      }
    }
    return List.of();
  }

  private boolean isObject(TreePath above, Tree type) {
    TypeMirror known = spot.trees.getTypeMirror(new TreePath(above, type));
    return known != null && known.toString().equals("java.lang.Object");
  }

  /** What a lambda's function returns, when its type is known. */
  private List<TypeMirror> ofLambda(TreePath lambda) {
    TypeMirror type = spot.trees.getTypeMirror(lambda);
    if (!(type instanceof DeclaredType declared) || !Spot.isKnown(type)) {
      return List.of();
    }
    TypeElement element = (TypeElement) declared.asElement();
    List<TypeMirror> found = new ArrayList<>();
    for (ExecutableElement method : ElementFilter.methodsIn(spot.elements.getAllMembers(element))) {
      if (method.getModifiers().contains(Modifier.ABSTRACT)) {
        TypeMirror as = spot.types.asMemberOf(declared, method);
        found.add(bound(((ExecutableType) as).getReturnType()));
      }
    }
    return found.stream().filter(each -> !Signatures.isVoid(each)).toList();
  }

  private List<TypeMirror> ofSelector(TreePath one) {
    Tree outer = one.getParentPath().getLeaf();
    ExpressionTree selector =
        outer instanceof com.sun.source.tree.SwitchTree statement
            ? statement.getExpression()
            : ((com.sun.source.tree.SwitchExpressionTree) outer).getExpression();
    return typeOf(one.getParentPath(), selector);
  }

  private List<TypeMirror> ofArgument(TreePath above, MethodInvocationTree call, Tree argument) {
    int index = call.getArguments().indexOf(argument);
    if (index < 0) {
      return List.of();
    }
    List<TypeMirror> before = typesBefore(above, call.getArguments(), index);
    List<TypeMirror> found = new ArrayList<>();
    for (Method method : methodsOf(above, call.getMethodSelect())) {
      addParameter(method, index, before, found);
    }
    return found;
  }

  private List<TypeMirror> ofArgument(TreePath above, NewClassTree made, Tree argument) {
    int index = made.getArguments().indexOf(argument);
    TypeMirror type = spot.trees.getTypeMirror(new TreePath(above, made.getIdentifier()));
    if (index < 0 || !(type instanceof DeclaredType declared)) {
      return List.of();
    }
    List<TypeMirror> before = typesBefore(above, made.getArguments(), index);
    List<TypeMirror> found = new ArrayList<>();
    for (ExecutableElement each :
        ElementFilter.constructorsIn(declared.asElement().getEnclosedElements())) {
      addParameter(new Method(each, as(declared, each)), index, before, found);
    }
    return found;
  }

  /** A method that a call may mean, and its type where it is called. */
  private record Method(ExecutableElement element, ExecutableType type) {}

  private ExecutableType as(DeclaredType site, ExecutableElement method) {
    try {
      return (ExecutableType) spot.types.asMemberOf(site, method);
    } catch (IllegalArgumentException e) {
      // Not a member of this very type: of one around it.
      return (ExecutableType) method.asType();
    }
  }

  private List<Method> methodsOf(TreePath above, ExpressionTree called) {
    List<Method> found = new ArrayList<>();
    if (called instanceof MemberSelectTree select) {
      TypeMirror site =
          spot.trees.getTypeMirror(
              new TreePath(new TreePath(above, select), select.getExpression()));
      if (site instanceof DeclaredType declared && Spot.isKnown(site)) {
        for (ExecutableElement each :
            ElementFilter.methodsIn(
                spot.elements.getAllMembers((TypeElement) declared.asElement()))) {
          if (each.getSimpleName().contentEquals(select.getIdentifier())) {
            found.add(new Method(each, as(declared, each)));
          }
        }
      }
    } else if (called instanceof IdentifierTree name) {
      for (ScopeNames.Visible each : ScopeNames.of(spot)) {
        if (each.element().getKind() == ElementKind.METHOD
            && each.element().getSimpleName().contentEquals(name.getName())) {
          ExecutableElement method = (ExecutableElement) each.element();
          found.add(new Method(method, (ExecutableType) method.asType()));
        }
      }
    }
    return found;
  }

  private List<TypeMirror> typesBefore(
      TreePath above, List<? extends ExpressionTree> arguments, int index) {
    List<TypeMirror> types = new ArrayList<>();
    for (ExpressionTree each : arguments.subList(0, index)) {
      TypeMirror type = spot.trees.getTypeMirror(new TreePath(above, each));
      types.add(type == null ? spot.types.getNullType() : type);
    }
    return types;
  }

  /** Adds a method's parameter, if the arguments before it suit the method. */
  private void addParameter(
      Method method, int index, List<TypeMirror> before, List<TypeMirror> into) {
    for (int i = 0; i < before.size(); i++) {
      TypeMirror wanted = parameter(method, i);
      if (wanted == null
          || (Spot.isKnown(before.get(i)) && !isAssignable(spot, before.get(i), wanted))) {
        return;
      }
    }
    TypeMirror type = parameter(method, index);
    if (type != null) {
      into.add(type);
    }
  }

  private @Nullable TypeMirror parameter(Method method, int index) {
    List<? extends TypeMirror> types = method.type.getParameterTypes();
    if (method.element.isVarArgs() && index >= types.size() - 1) {
      return bound(((ArrayType) types.getLast()).getComponentType());
    }
    return index < types.size() ? bound(types.get(index)) : null;
  }

  /** What a type variable stands for at least. */
  private TypeMirror bound(TypeMirror type) {
    return type instanceof TypeVariable ? spot.types.erasure(type) : type;
  }

  /**
   * Whether a value of a type may stand where another is wanted; of generic ones the class counts.
   */
  static boolean isAssignable(Spot spot, TypeMirror type, TypeMirror wanted) {
    if (type.getKind() == TypeKind.VOID
        || type.getKind() == TypeKind.PACKAGE
        || type.getKind() == TypeKind.EXECUTABLE) {
      return false;
    }
    try {
      return spot.types.isAssignable(spot.types.erasure(type), spot.types.erasure(wanted));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** Whether an element gives something of one of these types. */
  static Proposal.Fit fit(Spot spot, TypeMirror result, List<TypeMirror> wanted) {
    if (wanted.isEmpty()) {
      return Proposal.Fit.OPEN;
    }
    return wanted.stream().anyMatch(each -> isAssignable(spot, result, each))
        ? Proposal.Fit.WANTED
        : Proposal.Fit.OTHER;
  }

  /** The constants of a wanted enumeration. */
  static List<Element> constants(TypeMirror wanted) {
    List<Element> found = new ArrayList<>();
    if (wanted instanceof DeclaredType declared
        && declared.asElement().getKind() == ElementKind.ENUM) {
      for (Element each : declared.asElement().getEnclosedElements()) {
        if (each.getKind() == ElementKind.ENUM_CONSTANT) {
          found.add(each);
        }
      }
    }
    return found;
  }
}
