package hydrocell.executor.compiler;

import com.sun.source.tree.Scope;
import com.sun.source.tree.StatementTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.TreePath;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;

/**
 * The names that can be used at a place without a qualifier, the nearest first: local ones, members
 * of the classes around it, the cell's own, those of the session and static imports. Types that
 * come with an import of a whole package are left to {@link ClassIndex}.
 */
final class ScopeNames {
  private static final String OBJECT = "java.lang.Object";

  private final Spot spot;
  private final List<Visible> found = new ArrayList<>();
  private final Set<Element> seen = new HashSet<>();
  private final String declared;

  /** A name and where it comes from. */
  record Visible(Element element, Proposal.Nearness nearness, int place) {}

  private ScopeNames(Spot spot) {
    this.spot = spot;
    this.declared = beingDeclared();
  }

  static List<Visible> of(Spot spot) {
    ScopeNames names = new ScopeNames(spot);
    names.collect();
    return names.found;
  }

  private void collect() {
    TypeElement inside = null;
    boolean instance = !spot.isStatic();
    for (Scope scope = spot.scope(); scope != null; scope = scope.getEnclosingScope()) {
      TypeElement around = scope.getEnclosingClass();
      for (Element each : scope.getLocalElements()) {
        addLocal(each);
      }
      if (around != null && !around.equals(inside)) {
        addMembers(around, instance);
        instance &= !around.getModifiers().contains(Modifier.STATIC);
        inside = around;
      }
    }
  }

  /** The variable whose initialiser the place is in; empty when it is in none. */
  private String beingDeclared() {
    for (TreePath at = spot.path; at.getParentPath() != null; at = at.getParentPath()) {
      if (at.getParentPath().getLeaf() instanceof VariableTree variable
          && variable.getInitializer() == at.getLeaf()) {
        return variable.getName().toString();
      }
      if (at.getLeaf() instanceof StatementTree) {
        return "";
      }
    }
    return "";
  }

  private void addLocal(Element element) {
    String name = element.getSimpleName().toString();
    switch (element.getKind()) {
      case LOCAL_VARIABLE, PARAMETER, EXCEPTION_PARAMETER, RESOURCE_VARIABLE, BINDING_VARIABLE -> {
        if (!name.equals("this") && !name.equals("super") && !name.equals(declared)) {
          add(element, Proposal.Nearness.LOCAL);
        }
      }
      case TYPE_PARAMETER -> add(element, Proposal.Nearness.LOCAL);
      default -> {
        if (element instanceof TypeElement type) {
          addType(type);
        } else if (element.getModifiers().contains(Modifier.STATIC)) {
          add(
              element,
              isOfSession(element) ? Proposal.Nearness.SESSION : Proposal.Nearness.IMPORTED);
        }
      }
    }
  }

  /** Types that were named by an import, or stand in the cell. */
  private void addType(TypeElement type) {
    if (isOfSession(type)) {
      if (!isGenerated(type) && !isDraft(type)) {
        add(
            type,
            isGenerated(Spot.owner(type)) && !isDraft(Spot.owner(type))
                ? Proposal.Nearness.SESSION
                : Proposal.Nearness.CELL);
      }
    } else if (type.getEnclosingElement() instanceof TypeElement
        && type.getKind() != ElementKind.ANNOTATION_TYPE) {
      // Annotations of ours stand in no expression.
      add(type, Proposal.Nearness.IMPORTED);
    }
  }

  private boolean isOfSession(Element element) {
    PackageElement home = spot.elements.getPackageOf(element);
    return home != null && home.getQualifiedName().contentEquals(MemoryFiles.PACKAGE);
  }

  private static boolean isGenerated(Element element) {
    return element instanceof TypeElement type
        && type.getEnclosingElement() instanceof PackageElement;
  }

  private static boolean isDraft(Element element) {
    String name = element.getSimpleName().toString();
    return name.equals(DraftUnit.CLASS) || name.equals(DraftUnit.INNER);
  }

  private void addMembers(TypeElement around, boolean instance) {
    boolean ofCell = isDraft(around);
    for (Element each : spot.elements.getAllMembers(around)) {
      boolean usable =
          each.getKind() != ElementKind.CONSTRUCTOR
              && (instance || ofCell || each.getModifiers().contains(Modifier.STATIC))
              && spot.isAccessible(
                  each, around.asType() instanceof DeclaredType d ? d : around.asType());
      if (!usable) {
        continue;
      }
      if (ofCell) {
        boolean own = isDraft(Spot.owner(each)) && !isDraft(each);
        if (own && !each.getSimpleName().contentEquals("run")) {
          add(each, Proposal.Nearness.CELL);
        }
      } else {
        add(each, nearness(each, around));
      }
    }
  }

  /**
   * How near a member is to the type that it is looked for in. What every object has is far, also
   * where a type has its own version of it.
   */
  static Proposal.Nearness nearness(Element member, TypeElement type) {
    if (isOfEveryObject(member)) {
      return Proposal.Nearness.OBJECT;
    }
    return Spot.owner(member).equals(type) ? Proposal.Nearness.MEMBER : Proposal.Nearness.INHERITED;
  }

  private static boolean isOfEveryObject(Element member) {
    if (!(member instanceof ExecutableElement method)) {
      return false;
    }
    int parameters = method.getParameters().size();
    return switch (member.getSimpleName().toString()) {
      case "toString", "hashCode", "getClass", "notify", "notifyAll", "clone", "finalize" ->
          parameters == 0;
      case "equals" ->
          parameters == 1 && method.getParameters().getFirst().asType().toString().equals(OBJECT);
      case "wait" -> ((TypeElement) Spot.owner(member)).getQualifiedName().contentEquals(OBJECT);
      default -> false;
    };
  }

  private void add(Element element, Proposal.Nearness nearness) {
    boolean hidden = element.getSimpleName().toString().contains("$");
    if (!hidden && seen.add(element)) {
      found.add(
          new Visible(element, nearness, nearness == Proposal.Nearness.LOCAL ? found.size() : 0));
    }
  }
}
