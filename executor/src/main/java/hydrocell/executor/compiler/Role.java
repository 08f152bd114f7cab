package hydrocell.executor.compiler;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.InstanceOfTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.NewArrayTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.TypeCastTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.List;
import java.util.Set;

/** What may stand at a place. */
enum Role {
  /** A statement or declaration begins. */
  STATEMENT,
  /** A value. */
  EXPRESSION,
  /** The label of a case. */
  CASE,
  /** A type. */
  TYPE,
  /** The class of which an instance is made. */
  NEW,
  /** The name of an annotation. */
  ANNOTATION,
  /** A member of a class begins. */
  MEMBER,
  /** A new name, or a word that goes on with what stands before it. */
  NAME;

  private static final Set<Tree.Kind> OF_TYPES =
      Set.of(
          Tree.Kind.ARRAY_TYPE,
          Tree.Kind.EXTENDS_WILDCARD,
          Tree.Kind.SUPER_WILDCARD,
          Tree.Kind.UNBOUNDED_WILDCARD,
          Tree.Kind.TYPE_PARAMETER,
          Tree.Kind.UNION_TYPE,
          Tree.Kind.INTERSECTION_TYPE,
          Tree.Kind.ANNOTATED_TYPE);

  private static final List<String> MEMBER_KEYWORDS =
      List.of(
          "public",
          "private",
          "protected",
          "static",
          "final",
          "abstract",
          "synchronized",
          "native",
          "transient",
          "volatile",
          "default",
          "sealed",
          "non-sealed",
          "void",
          "class",
          "interface",
          "enum",
          "record");
  private static final List<String> PRIMITIVES =
      List.of("boolean", "byte", "char", "double", "float", "int", "long", "short");
  private static final List<String> EXPRESSION_KEYWORDS =
      List.of("new", "this", "super", "true", "false", "null", "switch");
  private static final List<String> STATEMENT_KEYWORDS =
      List.of(
          "assert",
          "break",
          "case",
          "catch",
          "continue",
          "default",
          "do",
          "else",
          "finally",
          "for",
          "if",
          "import",
          "return",
          "synchronized",
          "throw",
          "try",
          "while",
          "yield",
          "var",
          "final",
          "class",
          "interface",
          "enum",
          "record",
          "abstract",
          "static",
          "public",
          "void",
          "sealed");
  private static final List<String> FOLLOWING_KEYWORDS =
      List.of("instanceof", "extends", "implements", "permits", "throws", "when");

  /** The role of a marked place. */
  static Role of(Spot spot, Draft draft) {
    Tree leaf = spot.leaf();
    boolean named =
        leaf instanceof IdentifierTree
            || leaf instanceof MemberSelectTree
            || leaf instanceof MemberReferenceTree;
    if (!named) {
      return NAME;
    }
    return of(spot.path, draft);
  }

  private static Role of(TreePath path, Draft draft) {
    Tree leaf = path.getLeaf();
    TreePath above = path.getParentPath();
    Tree parent = above.getLeaf();
    return switch (parent) {
      case AnnotationTree annotation when annotation.getAnnotationType() == leaf -> ANNOTATION;
      case NewClassTree made when made.getIdentifier() == leaf -> NEW;
      case NewArrayTree made when made.getType() == leaf -> NEW;
      case ParameterizedTypeTree generic -> generic.getType() == leaf ? of(above, draft) : TYPE;
      case VariableTree variable when variable.getType() == leaf ->
          above.getParentPath().getLeaf() instanceof ClassTree ? MEMBER : TYPE;
      case MethodTree method -> TYPE;
      case ClassTree type -> type.getMembers().contains(leaf) ? MEMBER : TYPE;
      case TypeCastTree cast when cast.getType() == leaf -> TYPE;
      case InstanceOfTree test when test.getExpression() != leaf -> TYPE;
      case CaseTree one when one.getBody() != leaf -> CASE;
      case BinaryTree binary when isGeneric(binary, leaf) -> TYPE;
      default -> byKind(above, draft);
    };
  }

  /** {@code List<Str} reads like a comparison as long as nothing follows. */
  private static boolean isGeneric(BinaryTree binary, Tree leaf) {
    return binary.getKind() == Tree.Kind.LESS_THAN
        && binary.getRightOperand() == leaf
        && binary.getLeftOperand() instanceof IdentifierTree name
        && Character.isUpperCase(name.getName().charAt(0));
  }

  private static Role byKind(TreePath above, Draft draft) {
    Tree.Kind kind = above.getLeaf().getKind();
    if (OF_TYPES.contains(kind)) {
      return TYPE;
    }
    return switch (kind) {
      case CONSTANT_CASE_LABEL, PATTERN_CASE_LABEL, BINDING_PATTERN -> CASE;
      case EXPRESSION_STATEMENT, BLOCK -> STATEMENT;
      case ERRONEOUS ->
          above.getParentPath().getLeaf() instanceof ClassTree
              ? MEMBER
              : draft.before(1).equals("(") || draft.before(1).equals(",") ? EXPRESSION : STATEMENT;
      default -> EXPRESSION;
    };
  }

  /** Whether only types can stand there. */
  boolean takesTypesOnly() {
    return this == TYPE || this == NEW || this == ANNOTATION || this == MEMBER;
  }

  /** The keywords that can stand there. */
  List<String> keywords() {
    return switch (this) {
      case STATEMENT -> joined(joined(STATEMENT_KEYWORDS, EXPRESSION_KEYWORDS), PRIMITIVES);
      case EXPRESSION -> EXPRESSION_KEYWORDS;
      case CASE -> List.of("default", "null");
      case TYPE -> joined(PRIMITIVES, List.of("var", "void", "final", "extends", "super"));
      case NEW -> PRIMITIVES;
      case ANNOTATION -> List.of("interface");
      case MEMBER -> joined(MEMBER_KEYWORDS, PRIMITIVES);
      case NAME -> FOLLOWING_KEYWORDS;
    };
  }

  private static List<String> joined(List<String> some, List<String> more) {
    List<String> all = new java.util.ArrayList<>(some);
    all.addAll(more);
    return all;
  }
}
