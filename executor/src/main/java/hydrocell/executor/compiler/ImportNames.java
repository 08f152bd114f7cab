package hydrocell.executor.compiler;

import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/** What can stand in an import declaration, and behind the name of a package. */
final class ImportNames {
  private final ClassIndex classes;
  private final List<Path> libraries;

  ImportNames(ClassIndex classes, List<Path> libraries) {
    this.classes = classes;
    this.libraries = libraries;
  }

  /**
   * Proposals for the next word of an import.
   *
   * @param path the words and dots before it, after {@code import}
   */
  List<Proposal> in(List<String> path, String typed, Elements elements) {
    if (!path.isEmpty() && path.getFirst().equals("module")) {
      return modules(String.join("", path.subList(1, path.size())));
    }
    boolean ofMembers = !path.isEmpty() && path.getFirst().equals("static");
    List<String> qualifier = ofMembers ? path.subList(1, path.size()) : path;
    List<Proposal> found = new ArrayList<>();
    if (qualifier.isEmpty()) {
      words(ofMembers).forEach(each -> found.add(keyword(each)));
      packagesIn("").forEach(each -> found.add(each));
      return found;
    }
    String name = String.join("", qualifier.subList(0, qualifier.size() - 1));
    TypeElement type = elements.getTypeElement(name);
    if (type != null) {
      found.addAll(membersOf(type, ofMembers));
    } else {
      found.addAll(inPackage(name, elements));
    }
    if (typed.isEmpty()) {
      found.add(named("*", "*", "keyword", "", 1));
    }
    return found;
  }

  private static List<String> words(boolean ofMembers) {
    return ofMembers ? List.of() : List.of("static", "module");
  }

  private static Proposal keyword(String word) {
    return named(word, word + " ", "keyword", "", 0);
  }

  private static Proposal named(String name, String text, String kind, String more, int place) {
    return new Proposal(name, text, kind, more, Proposal.Fit.OPEN, Proposal.Nearness.MEMBER, place);
  }

  private List<Proposal> modules(String before) {
    return ModuleFinder.ofSystem().findAll().stream()
        .map(module -> module.descriptor().name())
        .filter(name -> name.startsWith(before))
        .map(name -> name.substring(before.length()))
        .sorted()
        .map(name -> named(name, name, "module", "", 0))
        .toList();
  }

  /** The classes of a package and the packages in it. */
  List<Proposal> inPackage(String name, Elements elements) {
    List<Proposal> found = new ArrayList<>(packagesIn(name + "."));
    for (String qualified : classes.classesOf(name, libraries)) {
      TypeElement type = elements.getTypeElement(qualified);
      if (type != null && type.getModifiers().contains(Modifier.PUBLIC)) {
        String simple = type.getSimpleName().toString();
        found.add(named(simple, simple, Signatures.kind(type), name, 0));
      }
    }
    return found;
  }

  /** The next words of the names of packages that begin so. */
  List<Proposal> packagesIn(String before) {
    Set<String> next = new TreeSet<>();
    for (String each : classes.packages(libraries)) {
      if (each.startsWith(before)) {
        int dot = each.indexOf('.', before.length());
        next.add(each.substring(before.length(), dot < 0 ? each.length() : dot));
      }
    }
    return next.stream().map(each -> named(each, each, "package", "", 1)).toList();
  }

  private static List<Proposal> membersOf(TypeElement type, boolean ofMembers) {
    Set<String> seen = new TreeSet<>();
    List<Proposal> found = new ArrayList<>();
    for (Element each : type.getEnclosedElements()) {
      String name = each.getSimpleName().toString();
      boolean wanted = each instanceof TypeElement || ofMembers;
      if (wanted
          && each.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
          && seen.add(name)) {
        found.add(named(name, name, Signatures.kind(each), "", 0));
      }
    }
    return found;
  }
}
