package hydrocell.executor.compiler;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ErroneousTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Scope;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import javax.lang.model.util.Types;
import org.jspecify.annotations.Nullable;

/** A place in an attributed tree, and javac's tools to ask about it. As good as its task is. */
final class Spot {
  final Trees trees;
  final Types types;
  final Elements elements;

  /** From the unit to the tree at the place. */
  final TreePath path;

  private @Nullable Scope scope;

  Spot(JavacTask task, TreePath path) {
    this.trees = Trees.instance(task);
    this.types = task.getTypes();
    this.elements = task.getElements();
    this.path = path;
  }

  /** Where the marked name of a {@link Draft} stands; null when javac's parser skipped it. */
  static @Nullable Spot marked(JavacTask task, CompilationUnitTree unit) {
    MarkFinder finder = new MarkFinder();
    finder.scan(new TreePath(unit), null);
    TreePath found = finder.found;
    return found == null ? null : new Spot(task, found);
  }

  /** The innermost tree around an offset of the unit; null when that is in none. */
  static @Nullable Spot around(JavacTask task, CompilationUnitTree unit, int offset) {
    if (offset < 0) {
      return null;
    }
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    TreePath[] found = new TreePath[1];
    new TreePathScanner<@Nullable Void, @Nullable Void>() {
      @Override
      public @Nullable Void scan(@Nullable Tree tree, @Nullable Void nothing) {
        if (tree == null) {
          return null;
        }
        long end = positions.getEndPosition(unit, tree);
        boolean inside = positions.getStartPosition(unit, tree) <= offset && offset < end;
        // An erroneous tree does not know its end.
        if (inside || tree instanceof ErroneousTree || end < 0) {
          super.scan(tree, null);
          if (inside && found[0] == null) {
            found[0] = new TreePath(getCurrentPath(), tree);
          }
        }
        return null;
      }

      @Override
      public @Nullable Void visitErroneous(ErroneousTree tree, @Nullable Void nothing) {
        return scan(tree.getErrorTrees(), null);
      }
    }.scan(new TreePath(unit), null);
    return found[0] == null ? null : new Spot(task, found[0]);
  }

  private static final class MarkFinder extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private @Nullable TreePath found;

    private void look(@Nullable CharSequence name) {
      if (found == null && name != null && name.toString().endsWith(Draft.MARK)) {
        found = getCurrentPath();
      }
    }

    @Override
    public @Nullable Void visitErroneous(ErroneousTree tree, @Nullable Void nothing) {
      return scan(tree.getErrorTrees(), null);
    }

    @Override
    public @Nullable Void visitIdentifier(IdentifierTree tree, @Nullable Void nothing) {
      look(tree.getName());
      return super.visitIdentifier(tree, null);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
      look(tree.getIdentifier());
      return super.visitMemberSelect(tree, null);
    }

    @Override
    public @Nullable Void visitMemberReference(MemberReferenceTree tree, @Nullable Void nothing) {
      look(tree.getName());
      return super.visitMemberReference(tree, null);
    }

    @Override
    public @Nullable Void visitVariable(VariableTree tree, @Nullable Void nothing) {
      look(tree.getName());
      return super.visitVariable(tree, null);
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      look(tree.getName());
      return super.visitMethod(tree, null);
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      look(tree.getSimpleName());
      return super.visitClass(tree, null);
    }
  }

  Tree leaf() {
    return path.getLeaf();
  }

  /** What stands before the dot or colons; null when the place is a name alone. */
  @Nullable ExpressionTree qualifier() {
    if (leaf() instanceof MemberSelectTree select) {
      return select.getExpression();
    }
    return leaf() instanceof MemberReferenceTree reference
        ? reference.getQualifierExpression()
        : null;
  }

  /** The type of a tree directly below the place; null when it has none. */
  @Nullable TypeMirror typeOf(Tree child) {
    return trees.getTypeMirror(new TreePath(path, child));
  }

  /** What a tree directly below the place means; null when javac does not know. */
  @Nullable Element elementOf(Tree child) {
    return trees.getElement(new TreePath(path, child));
  }

  /** What is visible here. */
  @Nullable Scope scope() {
    Scope known = scope;
    if (known == null) {
      known = trees.getScope(path);
      scope = known;
    }
    return known;
  }

  /** What an element is declared in; itself when that is nothing. */
  static Element owner(Element member) {
    Element around = member.getEnclosingElement();
    return around == null ? member : around;
  }

  /** Whether a type is one: not an error of javac's and not missing. */
  static boolean isKnown(@Nullable TypeMirror type) {
    return type != null
        && type.getKind() != TypeKind.ERROR
        && type.getKind() != TypeKind.NONE
        && type.getKind() != TypeKind.OTHER;
  }

  /** Whether a member may be used here. */
  boolean isAccessible(Element member, TypeMirror site) {
    Scope here = scope();
    if (here == null) {
      return member.getModifiers().contains(Modifier.PUBLIC);
    }
    if (member instanceof TypeElement type) {
      return trees.isAccessible(here, type);
    }
    return !(site instanceof DeclaredType declared) || trees.isAccessible(here, member, declared);
  }

  /** Whether the place is in code without an instance of its class. */
  boolean isStatic() {
    for (TreePath at = path; at != null; at = at.getParentPath()) {
      if (at.getLeaf() instanceof MethodTree method) {
        return method.getModifiers().getFlags().contains(Modifier.STATIC);
      }
      if (at.getLeaf() instanceof ClassTree) {
        return false;
      }
    }
    return false;
  }
}
