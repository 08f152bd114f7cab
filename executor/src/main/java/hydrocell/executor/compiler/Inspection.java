package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.executor.javadoc.Declared;
import hydrocell.executor.javadoc.Library;
import hydrocell.executor.javadoc.Member;
import hydrocell.executor.javadoc.Page;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.QualifiedNameable;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.type.TypeVariable;
import javax.lang.model.util.ElementFilter;
import org.jspecify.annotations.Nullable;

/** One inspection: gathers what is known of some elements, the one that is meant first. */
final class Inspection {
  private static final int MAX_SIGNATURES = 16;
  private static final int MAX_SUPERTYPES = 24;
  private static final String NO_SOURCES_OF_JDK =
      "The documentation of the JDK is in its sources, which are not installed: install the package"
          + " with lib/src.zip (Debian and Ubuntu: openjdk-25-source) or a JDK that has it.";

  private final Spot spot;
  private final Origins origins;
  private final Library library;
  private final List<Path> jars;
  private @Nullable Path missing;

  Inspection(Spot spot, Origins origins, Library library, List<Path> jars) {
    this.spot = spot;
    this.origins = origins;
    this.library = library;
    this.jars = jars;
  }

  /** The answer about these elements. */
  CompileReply reply(CompileRequest.Inspect request, List<Element> meant) {
    Element first = meant.getFirst();
    Map<Element, Declared> known = declared(meant);
    Page page = new Page();
    page.code(
        meant.stream()
            .limit(MAX_SIGNATURES)
            .map(each -> signature(each, known.get(each)))
            .distinct()
            .collect(Collectors.joining("\n")));
    page.line(place(first));
    Declared declared = known.get(first);
    page.text(documentation(first, declared));
    if (request.detail() > 0 && declared != null) {
      page.code(declared.source());
    }
    boolean undocumentedJdk = isOfJdk(first) && !library.hasJdk() && isDeclaration(first);
    page.line(undocumentedJdk ? NO_SOURCES_OF_JDK : "");
    return new CompileReply.Inspected(
        request.id(), page.bundle(), missing == null ? "" : missing.toString());
  }

  private String signature(Element element, @Nullable Declared declared) {
    Origins.Origin origin = origins.of(element);
    TypeMirror as = element.asType();
    if (spot.qualifier() != null
        && element instanceof ExecutableElement
        && spot.typeOf(spot.qualifier()) instanceof DeclaredType site
        && Spot.isKnown(site)) {
      as = spot.types.asMemberOf(site, element);
    }
    List<String> names = declared == null ? List.of() : declared.parameterNames();
    String text = Signatures.declaration(element, as, names);
    boolean topLevel =
        origin != null && Spot.owner(element).getSimpleName().toString().contains("$");
    boolean ofDraft = Spot.owner(element).getSimpleName().contentEquals(DraftUnit.CLASS);
    return topLevel || ofDraft ? text.replaceFirst("^static ", "") : text;
  }

  /** Where something is defined. */
  private String place(Element element) {
    Origins.Origin origin = origins.of(element);
    if (origin != null) {
      return origin.place();
    }
    return switch (element.getKind()) {
      case LOCAL_VARIABLE -> "variable of this cell";
      case PARAMETER -> "parameter";
      case EXCEPTION_PARAMETER, RESOURCE_VARIABLE, BINDING_VARIABLE -> "local variable";
      case TYPE_PARAMETER, PACKAGE, MODULE -> "";
      default -> qualifiedOwner(element);
    };
  }

  private String qualifiedOwner(Element element) {
    String owner =
        Spot.owner(element) instanceof QualifiedNameable named
            ? named.getQualifiedName().toString()
            : "";
    // An array has a class without a package.
    return element instanceof TypeElement || owner.contains(".") ? owner : "";
  }

  private boolean isOfJdk(Element element) {
    ModuleElement module = spot.elements.getModuleOf(element);
    return module != null && !module.isUnnamed();
  }

  private static boolean isDeclaration(Element element) {
    return element instanceof TypeElement
        || element instanceof ExecutableElement
        || element.getKind().isField();
  }

  /** The declarations of elements that are of the same type, as their authors wrote them. */
  private Map<Element, Declared> declared(List<Element> elements) {
    Map<Element, Declared> known = new HashMap<>();
    Map<Member, List<Element>> byType = new HashMap<>();
    for (Element each : elements) {
      Origins.Origin origin = origins.of(each);
      Member member = isDeclaration(each) ? memberOf(each, origin) : null;
      if (member == null) {
        continue;
      }
      if (origin != null) {
        Declared declared = ofNotebook(origin, member);
        if (declared == null && origin.name().kind() == Kind.TYPE) {
          declared = ofNotebook(origin, member.type());
        }
        if (declared != null) {
          known.put(each, declared);
        }
      } else {
        byType.computeIfAbsent(member.type(), type -> new ArrayList<>()).add(each);
      }
    }
    byType.forEach((type, group) -> {
      List<Member> members = group.stream().map(each -> memberOf(each, null)).toList();
      Map<Member, Declared> found = lookUp(group.getFirst(), members);
      for (int i = 0; i < group.size(); i++) {
        Declared declared = found.get(members.get(i));
        if (declared != null) {
          known.put(group.get(i), declared);
        }
      }
    });
    return known;
  }

  private Map<Member, Declared> lookUp(Element element, List<Member> members) {
    ModuleElement module = spot.elements.getModuleOf(element);
    if (module != null && !module.isUnnamed()) {
      return library.ofJdk(module.getQualifiedName().toString(), members).found();
    }
    Library.Answer answer = library.of(members, jars);
    missing = answer.missing() == null ? missing : answer.missing();
    return answer.found();
  }

  private static @Nullable Declared ofNotebook(Origins.Origin origin, Member member) {
    for (String source : origin.sources()) {
      String unit =
          origin.name().kind() == Kind.TYPE ? source : "class Notebook { " + source + " }";
      Declared declared = Library.inSource(unit, member);
      if (declared != null) {
        return declared;
      }
    }
    return null;
  }

  private static Member memberOf(Element element, Origins.@Nullable Origin origin) {
    List<String> types = new ArrayList<>();
    Element at = element instanceof TypeElement ? element : Spot.owner(element);
    while (at instanceof TypeElement type) {
      boolean outermost =
          type.getNestingKind() == NestingKind.TOP_LEVEL
              || (origin != null && type.getSimpleName().contentEquals(origin.name().text()));
      types.addFirst(
          outermost && origin == null
              ? type.getQualifiedName().toString()
              : type.getSimpleName().toString());
      at = outermost ? null : type.getEnclosingElement();
    }
    if (origin != null && origin.name().kind() != Kind.TYPE) {
      types = List.of("Notebook");
    }
    boolean constructor = element.getKind() == ElementKind.CONSTRUCTOR;
    String name =
        element instanceof TypeElement
            ? ""
            : constructor ? Member.CONSTRUCTOR : element.getSimpleName().toString();
    List<String> parameters =
        element instanceof ExecutableElement method
            ? method.getParameters().stream().map(each -> spelling(each.asType())).toList()
            : List.of();
    return new Member(types, name, parameters);
  }

  private static String spelling(TypeMirror type) {
    return switch (type) {
      case ArrayType array -> spelling(array.getComponentType()) + "[]";
      case TypeVariable variable -> variable.asElement().getSimpleName().toString();
      case DeclaredType declared -> declared.asElement().getSimpleName().toString();
      default -> type.toString();
    };
  }

  /** What is said of an element, by itself or by what it overrides. */
  private String documentation(Element element, @Nullable Declared declared) {
    String own = declared == null ? "" : declared.html();
    boolean inherits = declared == null || declared.inherits();
    if (!inherits || !(element instanceof ExecutableElement method)) {
      return own.replace(Library.INHERITED, "");
    }
    String above = "";
    for (ExecutableElement each : overridden(method)) {
      Declared found = declared(List.of(each)).get(each);
      if (found != null && !found.html().isEmpty()) {
        above = found.html().replace(Library.INHERITED, "");
        break;
      }
    }
    if (own.isEmpty()) {
      return above;
    }
    int notes = above.indexOf("<p><b>");
    return own.replace(Library.INHERITED, notes < 0 ? above : above.substring(0, notes));
  }

  /** The methods that one overrides, the nearest first. */
  private List<ExecutableElement> overridden(ExecutableElement method) {
    List<ExecutableElement> found = new ArrayList<>();
    if (!(Spot.owner(method) instanceof TypeElement owner)
        || method.getKind() == ElementKind.CONSTRUCTOR) {
      return found;
    }
    Set<Element> above = new LinkedHashSet<>();
    List<TypeMirror> open = new ArrayList<>(List.of(owner.asType()));
    while (!open.isEmpty() && above.size() < MAX_SUPERTYPES) {
      for (TypeMirror each : spot.types.directSupertypes(open.removeFirst())) {
        if (each instanceof DeclaredType declared && above.add(declared.asElement())) {
          open.add(each);
        }
      }
    }
    for (Element type : above) {
      for (ExecutableElement each : ElementFilter.methodsIn(type.getEnclosedElements())) {
        if (each.getSimpleName().equals(method.getSimpleName())
            && spot.elements.overrides(method, each, owner)) {
          found.add(each);
        }
      }
    }
    return found;
  }
}
