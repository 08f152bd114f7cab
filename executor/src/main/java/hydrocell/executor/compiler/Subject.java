package hydrocell.executor.compiler;

import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.NewClassTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/**
 * What a cursor is about: the word that it touches, or else the method whose arguments it is in.
 *
 * @param word in the source
 * @param called whether it is meant as what is called: of a class its constructors
 */
record Subject(Token word, boolean called) {
  /** What may be meant, the most likely first. */
  static List<Subject> at(String source, int cursor) {
    List<Token> tokens = Token.scan(source);
    Set<Subject> found = new LinkedHashSet<>();
    int last = -1;
    for (int i = 0; i < tokens.size() && tokens.get(i).start() < cursor; i++) {
      last = i;
    }
    if (last + 1 < tokens.size() && tokens.get(last + 1).start() == cursor) {
      addWord(tokens, last + 1, false, found);
    }
    if (last >= 0 && tokens.get(last).end() >= cursor) {
      addWord(tokens, last, false, found);
      if (tokens.get(last).is(")") && tokens.get(last).end() == cursor) {
        addCalled(tokens, opening(tokens, last), found);
      }
    }
    List<Token> before =
        new ArrayList<>(tokens.subList(0, last < 0 ? 0 : endsBefore(tokens, last, cursor)));
    for (Token open : Brackets.of(before).open().reversed()) {
      if (open.is("(")) {
        addCalled(tokens, tokens.indexOf(open), found);
      } else if (open.is("{")) {
        break;
      }
    }
    return List.copyOf(found);
  }

  /** How many tokens end at the cursor or before it. */
  private static int endsBefore(List<Token> tokens, int last, int cursor) {
    return tokens.get(last).end() <= cursor ? last + 1 : last;
  }

  private static void addWord(List<Token> tokens, int at, boolean called, Set<Subject> found) {
    if (tokens.get(at).isWord()) {
      found.add(new Subject(tokens.get(at), called));
    }
  }

  private static int opening(List<Token> tokens, int closing) {
    for (int i = closing - 1; i >= 0; i--) {
      if (tokens.get(i).depth() == tokens.get(closing).depth()
          && Brackets.isOpening(tokens.get(i))) {
        return i;
      }
    }
    return -1;
  }

  /** Adds the name before a parenthesis. */
  private static void addCalled(List<Token> tokens, int open, Set<Subject> found) {
    int at = open - 1;
    if (at >= 0 && tokens.get(at).is(">")) {
      int depth = 0;
      do {
        depth += tokens.get(at).is(">") ? 1 : tokens.get(at).is("<") ? -1 : 0;
        at--;
      } while (at >= 0 && depth > 0);
    }
    if (at >= 0) {
      addWord(tokens, at, true, found);
    }
  }

  /** What it means in an attributed tree: of a method all overloads, the one called first. */
  List<Element> meant(Spot spot) {
    TreePath made = madeBy(spot);
    if (called && made != null) {
      return constructors(spot, made);
    }
    Element element = spot.trees.getElement(spot.path);
    if (element instanceof ExecutableElement method) {
      return overloads(spot, method);
    }
    if (element != null && exists(element)) {
      return List.of(element);
    }
    return named(spot, word.text()).stream().filter(Subject::exists).toList();
  }

  /**
   * The creation of an instance that a class is named for; null when it is named for another
   * reason.
   */
  private static @Nullable TreePath madeBy(Spot spot) {
    TreePath at = spot.path;
    while (at.getParentPath() != null
        && (at.getParentPath().getLeaf() instanceof ParameterizedTypeTree generic
            && generic.getType() == at.getLeaf())) {
      at = at.getParentPath();
    }
    TreePath above = at.getParentPath();
    return above != null
            && above.getLeaf() instanceof NewClassTree made
            && made.getIdentifier() == at.getLeaf()
        ? above
        : null;
  }

  private static List<Element> constructors(Spot spot, TreePath made) {
    if (spot.trees.getElement(made) instanceof ExecutableElement chosen && exists(chosen)) {
      return overloads(spot, chosen);
    }
    return spot.trees.getTypeMirror(spot.path) instanceof DeclaredType type
        ? List.copyOf(ElementFilter.constructorsIn(type.asElement().getEnclosedElements()))
        : List.of();
  }

  /** javac makes an element also for a name that it does not know. */
  private static boolean exists(Element element) {
    return switch (element.getKind()) {
      case PACKAGE -> !element.getEnclosedElements().isEmpty();
      case OTHER, MODULE -> false;
      default -> Spot.isKnown(element.asType());
    };
  }

  private static List<Element> overloads(Spot spot, ExecutableElement method) {
    Set<Element> found = new LinkedHashSet<>();
    found.add(method);
    TypeMirror site = siteOf(spot);
    TypeElement owner =
        site instanceof DeclaredType declared && Spot.isKnown(site)
            ? (TypeElement) declared.asElement()
            : (TypeElement) Spot.owner(method);
    boolean constructor = method.getKind() == ElementKind.CONSTRUCTOR;
    TypeElement home = constructor ? (TypeElement) Spot.owner(method) : owner;
    for (Element each :
        constructor ? home.getEnclosedElements() : spot.elements.getAllMembers(home)) {
      if (each.getKind() == method.getKind()
          && each.getSimpleName().equals(method.getSimpleName())
          && spot.isAccessible(each, home.asType())) {
        found.add(each);
      }
    }
    return List.copyOf(found);
  }

  private static @Nullable TypeMirror siteOf(Spot spot) {
    ExpressionTree qualifier = spot.qualifier();
    return qualifier == null ? null : spot.typeOf(qualifier);
  }

  /** What a name could mean that javac cannot place, for want of arguments for example. */
  private static List<Element> named(Spot spot, String word) {
    List<Element> found = new ArrayList<>();
    Tree leaf = spot.leaf();
    if (leaf instanceof MemberSelectTree || leaf instanceof MemberReferenceTree) {
      if (siteOf(spot) instanceof DeclaredType declared) {
        for (Element each : spot.elements.getAllMembers((TypeElement) declared.asElement())) {
          if (each.getSimpleName().contentEquals(word) && spot.isAccessible(each, declared)) {
            found.add(each);
          }
        }
      }
      return found;
    }
    for (ScopeNames.Visible each : ScopeNames.of(spot)) {
      if (each.element().getSimpleName().contentEquals(word)) {
        found.add(each.element());
      }
    }
    return found;
  }
}
