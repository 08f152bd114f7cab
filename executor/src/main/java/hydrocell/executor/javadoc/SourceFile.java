package hydrocell.executor.javadoc;

import com.sun.source.doctree.DocCommentTree;
import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.Name;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** Finds declarations in a source file, which is parsed and nothing more. */
final class SourceFile {
  private final String text;
  private final DocTrees trees;
  private final CompilationUnitTree unit;
  private final SourcePositions positions;

  private SourceFile(String text, JavacTask task) throws IOException {
    this.text = text;
    this.trees = DocTrees.instance(task);
    this.unit = task.parse().iterator().next();
    this.positions = trees.getSourcePositions();
  }

  /** The declarations that are there, of those asked for. */
  static Map<Member, Declared> find(String text, List<Member> members) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    JavacTask task =
        (JavacTask)
            compiler.getTask(
                new StringWriter(),
                null,
                problem -> {},
                List.of("-proc:none"),
                null,
                List.of(new Text(text)));
    Map<Member, Declared> found = new HashMap<>();
    try {
      SourceFile file = new SourceFile(text, task);
      for (Member member : members) {
        Declared declared = file.find(member);
        if (declared != null) {
          found.put(member, declared);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("sources in memory cannot fail", e);
    }
    return found;
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String text) {
      super(URI.create("memory:///Source.java"), JavaFileObject.Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private @Nullable Declared find(Member member) {
    TreePath at = new TreePath(unit);
    List<? extends Tree> inside = unit.getTypeDecls();
    for (String each : member.types()) {
      ClassTree type = typeNamed(inside, each.substring(each.lastIndexOf('.') + 1));
      if (type == null) {
        return null;
      }
      at = new TreePath(at, type);
      inside = type.getMembers();
    }
    if (member.isType()) {
      return declared(at, List.of());
    }
    for (Tree each : inside) {
      if (each instanceof MethodTree method && isMeant(method, member)) {
        List<String> names =
            method.getParameters().stream()
                .map(parameter -> parameter.getName().toString())
                .toList();
        return declared(new TreePath(at, method), names);
      }
      boolean component =
          at.getLeaf().getKind() == Tree.Kind.RECORD
              && each instanceof VariableTree field
              && !field.getModifiers().getFlags().contains(Modifier.STATIC);
      // The components of a record are documented with the record.
      if (each instanceof VariableTree field
          && !component
          && field.getName().contentEquals(member.name())) {
        return declared(new TreePath(at, field), List.of());
      }
    }
    return null;
  }

  private static @Nullable ClassTree typeNamed(List<? extends Tree> trees, String name) {
    for (Tree each : trees) {
      if (each instanceof ClassTree type && type.getSimpleName().contentEquals(name)) {
        return type;
      }
    }
    return null;
  }

  private static boolean isMeant(MethodTree method, Member member) {
    Name name = method.getName();
    if (!name.contentEquals(member.name())
        || method.getParameters().size() != member.parameters().size()) {
      return false;
    }
    for (int i = 0; i < member.parameters().size(); i++) {
      if (!spelling(method.getParameters().get(i).getType()).equals(member.parameters().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A type by its last word, without type arguments. */
  private static String spelling(@Nullable Tree type) {
    return switch (type) {
      case null -> "";
      case ArrayTypeTree array -> spelling(array.getType()) + "[]";
      case ParameterizedTypeTree generic -> spelling(generic.getType());
      case MemberSelectTree select -> select.getIdentifier().toString();
      case IdentifierTree name -> name.getName().toString();
      case com.sun.source.tree.AnnotatedTypeTree annotated ->
          spelling(annotated.getUnderlyingType());
      default -> type.toString();
    };
  }

  private Declared declared(TreePath path, List<String> parameterNames) {
    DocCommentTree comment = trees.getDocCommentTree(path);
    CommentHtml html = CommentHtml.of(comment);
    return new Declared(html.text(), html.inherits(), source(path.getLeaf()), parameterNames);
  }

  /** A declaration without the white space before its lines that all of them have. */
  private String source(Tree tree) {
    int start = (int) positions.getStartPosition(unit, tree);
    int end = (int) positions.getEndPosition(unit, tree);
    if (start < 0 || end > text.length() || end <= start) {
      return "";
    }
    int line = text.lastIndexOf('\n', start) + 1;
    String before = text.substring(line, start);
    String slice = (before.isBlank() ? before : "") + text.substring(start, end);
    List<String> lines = new ArrayList<>(slice.lines().toList());
    return String.join("\n", lines).stripIndent().strip();
  }
}
