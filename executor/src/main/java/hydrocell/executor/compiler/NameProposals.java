package hydrocell.executor.compiler;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;

/** What can stand where no qualifier does: variables, methods, types, constants. */
final class NameProposals {
  private final Spot spot;
  private final Role role;
  private final String typed;
  private final boolean plainName;
  private final List<TypeMirror> wanted;

  NameProposals(Spot spot, Role role, String typed, boolean plainName) {
    this.spot = spot;
    this.role = role;
    this.typed = typed;
    this.plainName = plainName;
    this.wanted =
        role == Role.STATEMENT || role == Role.MEMBER || role == Role.ANNOTATION
            ? List.of()
            : WantedTypes.at(spot);
  }

  void addTo(List<Proposal> found, TypeNames types) {
    Map<String, List<ScopeNames.Visible>> methods = new LinkedHashMap<>();
    for (ScopeNames.Visible each : ScopeNames.of(spot)) {
      String name = each.element().getSimpleName().toString();
      if (!Proposal.matches(name, typed)) {
        continue;
      }
      if (each.element() instanceof TypeElement type) {
        if (allows(type)) {
          found.add(type(type, each));
        }
      } else if (!role.takesTypesOnly() || each.element().getKind() == ElementKind.TYPE_PARAMETER) {
        if (each.element() instanceof ExecutableElement) {
          methods.computeIfAbsent(name, n -> new ArrayList<>()).add(each);
        } else {
          found.add(variable(name, each));
        }
      }
    }
    methods.forEach((name, overloads) -> found.add(method(name, overloads)));
    constants(found);
    if (!typed.isEmpty()) {
      found.addAll(types.beginning(spot, typed, typesWanted(), this::allows, this::insert));
    }
  }

  private List<TypeMirror> typesWanted() {
    return role.takesTypesOnly() ? wanted : List.of();
  }

  private boolean allows(TypeElement type) {
    ElementKind kind = type.getKind();
    return switch (role) {
      case ANNOTATION -> kind == ElementKind.ANNOTATION_TYPE;
      case NEW ->
          kind == ElementKind.INTERFACE
              || (kind != ElementKind.ANNOTATION_TYPE
                  && kind != ElementKind.ENUM
                  && constructors(type).count() > 0);
      default -> true;
    };
  }

  private Proposal type(TypeElement type, ScopeNames.Visible visible) {
    String name = type.getSimpleName().toString();
    return new Proposal(
        name,
        insert(type, name),
        Signatures.kind(type),
        "",
        WantedTypes.fit(spot, type.asType(), typesWanted()),
        visible.nearness(),
        visible.place());
  }

  /** A class is followed by the arguments of its constructor where an instance is made. */
  private String insert(TypeElement type, String spelling) {
    if (role != Role.NEW || plainName) {
      return spelling;
    }
    String diamond = type.getTypeParameters().isEmpty() ? "" : "<>";
    if (type.getModifiers().contains(Modifier.ABSTRACT)) {
      return spelling + diamond + "() {";
    }
    boolean withoutArguments = constructors(type).allMatch(each -> each.getParameters().isEmpty());
    return spelling + diamond + (withoutArguments ? "()" : "(");
  }

  /** The constructors that can be used here. */
  private Stream<ExecutableElement> constructors(TypeElement type) {
    boolean toExtend = type.getModifiers().contains(Modifier.ABSTRACT);
    return ElementFilter.constructorsIn(type.getEnclosedElements()).stream()
        .filter(each ->
            spot.isAccessible(each, type.asType())
                || (toExtend && each.getModifiers().contains(Modifier.PROTECTED)));
  }

  private Proposal variable(String name, ScopeNames.Visible visible) {
    TypeMirror type = visible.element().asType();
    return new Proposal(
        name,
        name,
        isOfNotebook(visible) ? "variable" : Signatures.kind(visible.element()),
        Signatures.of(visible.element(), type),
        WantedTypes.fit(spot, type, wanted),
        visible.nearness(),
        visible.place());
  }

  private static boolean isOfNotebook(ScopeNames.Visible visible) {
    return visible.nearness() == Proposal.Nearness.CELL
        || visible.nearness() == Proposal.Nearness.SESSION;
  }

  private Proposal method(String name, List<ScopeNames.Visible> overloads) {
    Proposal.Fit fit = Proposal.Fit.OTHER;
    Proposal.Nearness nearness = Proposal.Nearness.UNIMPORTED;
    List<ExecutableElement> elements = new ArrayList<>();
    for (ScopeNames.Visible each : overloads) {
      ExecutableElement method = (ExecutableElement) each.element();
      elements.add(method);
      Proposal.Fit one = WantedTypes.fit(spot, method.getReturnType(), wanted);
      fit = one.compareTo(fit) < 0 ? one : fit;
      nearness = each.nearness().compareTo(nearness) < 0 ? each.nearness() : nearness;
    }
    return MemberNames.method(spot, name, elements, null, fit, nearness, plainName);
  }

  /** The constants of an enumeration that is wanted, with its name before them. */
  private void constants(List<Proposal> found) {
    for (TypeMirror each : wanted) {
      for (Element constant : WantedTypes.constants(each)) {
        String simple = constant.getSimpleName().toString();
        String text = Signatures.type(each) + "." + simple;
        found.add(
            new Proposal(
                !typed.isEmpty() && Proposal.matches(simple, typed) ? simple : text,
                text,
                "constant",
                Signatures.type(each),
                Proposal.Fit.WANTED,
                Proposal.Nearness.CELL,
                found.size()));
      }
    }
  }
}
