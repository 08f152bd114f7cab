package hydrocell.executor.compiler;

import com.sun.source.tree.ArrayTypeTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.IdentifierTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.ParameterizedTypeTree;
import com.sun.source.tree.Tree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.ExecutableType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.type.WildcardType;
import org.jspecify.annotations.Nullable;

/** What can stand behind a dot, or behind the colons of a method reference. */
final class MemberNames {
  private final Spot spot;
  private final List<TypeMirror> wanted;
  private final boolean called;
  private final boolean typesOnly;

  /**
   * Members at a place with a qualifier.
   *
   * @param wanted types that come first
   * @param called whether arguments stand there already
   * @param typesOnly whether only types can stand there
   */
  MemberNames(Spot spot, List<TypeMirror> wanted, boolean called, boolean typesOnly) {
    this.spot = spot;
    this.wanted = wanted;
    this.called = called;
    this.typesOnly = typesOnly;
  }

  /** Members of what stands before; empty when javac does not know it. */
  List<Proposal> of(ExpressionTree qualifier) {
    Element meant = spot.elementOf(qualifier);
    TypeMirror type = spot.typeOf(qualifier);
    if (type == null || !Spot.isKnown(type)) {
      return List.of();
    }
    boolean isReference = spot.leaf() instanceof MemberReferenceTree;
    boolean ofType = meant instanceof TypeElement || isClassName(qualifier, meant);
    List<Proposal> found = new ArrayList<>();
    TypeMirror site = upper(type);
    if (site instanceof ArrayType) {
      found.addAll(ofArray(ofType));
    } else if (site instanceof DeclaredType declared) {
      found.addAll(ofDeclared(declared, ofType, isReference));
      if (ofType && !isReference && !typesOnly) {
        found.add(word("class"));
      }
    }
    if (isReference && ofType) {
      found.add(word("new"));
    }
    return found;
  }

  private static boolean isClassName(ExpressionTree qualifier, @Nullable Element meant) {
    return meant == null
        && ((Tree) qualifier instanceof ParameterizedTypeTree
            || (Tree) qualifier instanceof ArrayTypeTree);
  }

  private static TypeMirror upper(TypeMirror type) {
    TypeMirror at = type;
    while (at instanceof TypeVariable || at instanceof WildcardType) {
      TypeMirror above =
          at instanceof TypeVariable variable
              ? variable.getUpperBound()
              : ((WildcardType) at).getExtendsBound();
      if (above == null) {
        return at;
      }
      at = above;
    }
    return at;
  }

  private static Proposal word(String word) {
    return new Proposal(word, word, "keyword", "", Proposal.Fit.OPEN, Proposal.Nearness.KEYWORD, 0);
  }

  private List<Proposal> ofArray(boolean ofType) {
    List<Proposal> found = new ArrayList<>();
    if (!ofType) {
      TypeMirror number = spot.types.getPrimitiveType(TypeKind.INT);
      found.add(
          new Proposal(
              "length",
              "length",
              "field",
              "int",
              WantedTypes.fit(spot, number, wanted),
              Proposal.Nearness.MEMBER,
              0));
      TypeElement object = spot.elements.getTypeElement("java.lang.Object");
      found.addAll(ofDeclared((DeclaredType) object.asType(), false, false));
      found.removeIf(each -> each.name().equals("finalize"));
    }
    return found;
  }

  private List<Proposal> ofDeclared(DeclaredType site, boolean ofType, boolean isReference) {
    TypeElement type = (TypeElement) site.asElement();
    Map<String, List<ExecutableElement>> methods = new LinkedHashMap<>();
    List<Proposal> found = new ArrayList<>();
    for (Element each : spot.elements.getAllMembers(type)) {
      if (!isUsable(each, site, ofType, isReference)) {
        continue;
      }
      if (each instanceof ExecutableElement method) {
        methods
            .computeIfAbsent(each.getSimpleName().toString(), name -> new ArrayList<>())
            .add(method);
      } else {
        found.add(of(each, site, type));
      }
    }
    methods.forEach((name, overloads) -> found.add(of(name, overloads, site, type)));
    return found;
  }

  private boolean isUsable(Element member, DeclaredType site, boolean ofType, boolean isReference) {
    if (member.getKind() == ElementKind.CONSTRUCTOR
        || member.getSimpleName().toString().contains("$")
        || (typesOnly && !(member instanceof TypeElement))
        || (isReference && member.getKind() != ElementKind.METHOD)) {
      return false;
    }
    boolean isStatic = member.getModifiers().contains(Modifier.STATIC);
    boolean suits = isReference ? (ofType || !isStatic) : ofType == isStatic;
    boolean nestedType = member instanceof TypeElement && ofType;
    return (suits || nestedType) && spot.isAccessible(member, site) && !isPrivateElsewhere(member);
  }

  /** A private member of a user's type is not to be used outside it, also in the same cell. */
  private boolean isPrivateElsewhere(Element member) {
    if (!member.getModifiers().contains(Modifier.PRIVATE)) {
      return false;
    }
    TypeElement owner = outermost(Spot.owner(member));
    for (Scopes at = Scopes.of(spot); at != null; at = at.outer()) {
      if (at.type().equals(owner)) {
        return false;
      }
    }
    return true;
  }

  /** The classes around a place. */
  private record Scopes(TypeElement type) {
    static @Nullable Scopes of(Spot spot) {
      var scope = spot.scope();
      return scope == null || scope.getEnclosingClass() == null
          ? null
          : new Scopes(scope.getEnclosingClass());
    }

    @Nullable Scopes outer() {
      Element above = type.getEnclosingElement();
      while (above != null && !(above instanceof TypeElement)) {
        above = above.getEnclosingElement();
      }
      return above instanceof TypeElement outer ? new Scopes(outer) : null;
    }
  }

  /** The type around a member that is not inside another one of the user's. */
  private static TypeElement outermost(Element member) {
    TypeElement at = (TypeElement) member;
    while (at.getNestingKind() != NestingKind.TOP_LEVEL
        && at.getEnclosingElement() instanceof TypeElement above
        && above.getNestingKind() != NestingKind.TOP_LEVEL) {
      at = above;
    }
    return at;
  }

  private Proposal of(Element member, DeclaredType site, TypeElement type) {
    TypeMirror as =
        member instanceof TypeElement ? member.asType() : spot.types.asMemberOf(site, member);
    String name = member.getSimpleName().toString();
    boolean isConstant = member.getKind() == ElementKind.ENUM_CONSTANT;
    return new Proposal(
        name,
        name,
        Signatures.kind(member),
        Signatures.of(member, as),
        member instanceof TypeElement && !typesOnly
            ? Proposal.Fit.OPEN
            : WantedTypes.fit(spot, as, wanted),
        isConstant ? Proposal.Nearness.LOCAL : ScopeNames.nearness(member, type),
        0);
  }

  private Proposal of(
      String name, List<ExecutableElement> overloads, DeclaredType site, TypeElement type) {
    Proposal.Fit fit = Proposal.Fit.OTHER;
    Proposal.Nearness nearness = Proposal.Nearness.OBJECT;
    for (ExecutableElement each : overloads) {
      TypeMirror result = Signatures.result(spot.types.asMemberOf(site, each));
      Proposal.Fit one = WantedTypes.fit(spot, result, wanted);
      fit = one.compareTo(fit) < 0 ? one : fit;
      Proposal.Nearness near = ScopeNames.nearness(each, type);
      nearness = near.compareTo(nearness) < 0 ? near : nearness;
    }
    return method(spot, name, overloads, site, fit, nearness, plainName());
  }

  private boolean plainName() {
    return called || spot.leaf() instanceof MemberReferenceTree;
  }

  /** The proposal for methods of one name. */
  static Proposal method(
      Spot spot,
      String name,
      List<ExecutableElement> overloads,
      @Nullable DeclaredType site,
      Proposal.Fit fit,
      Proposal.Nearness nearness,
      boolean plainName) {
    ExecutableElement first = overloads.getFirst();
    ExecutableType as =
        (ExecutableType) (site == null ? first.asType() : spot.types.asMemberOf(site, first));
    boolean noArguments = overloads.stream().allMatch(each -> each.getParameters().isEmpty());
    boolean old = overloads.stream().allMatch(spot.elements::isDeprecated);
    return new Proposal(
        name,
        plainName ? name : noArguments ? name + "()" : name + "(",
        "method",
        Signatures.parameters(first, as, Signatures.parameterNames(first))
            + " "
            + Signatures.type(as.getReturnType())
            + (overloads.size() > 1 ? " (+%d)".formatted(overloads.size() - 1) : ""),
        fit,
        nearness,
        old ? 1 : 0);
  }

  /** The spelling of a qualifier that may be the name of a package; null when it is none. */
  static @Nullable String packageName(ExpressionTree qualifier) {
    if (qualifier instanceof IdentifierTree name) {
      return name.getName().toString();
    }
    String before =
        qualifier instanceof MemberSelectTree select ? packageName(select.getExpression()) : null;
    return before == null ? null : before + "." + ((MemberSelectTree) qualifier).getIdentifier();
  }
}
