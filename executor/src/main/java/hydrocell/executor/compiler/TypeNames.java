package hydrocell.executor.compiler;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.TypeMirror;

/**
 * Types of the JDK and of libraries: by their simple name where an import names them or their
 * package, by their qualified name otherwise, which is right in every client and in every run.
 */
final class TypeNames {
  /** So many are looked at, the likely ones first. */
  private static final int MAX_CANDIDATES = 80;

  private static final int MAX_UNIMPORTED = 20;
  private static final int MAX_LENGTH = 100;

  private final ClassIndex classes;
  private final List<Path> libraries;
  private final Set<String> packages = new HashSet<>(Set.of("java.lang"));
  private final Set<String> named = new HashSet<>();

  /** Types as a cell sees them with the imports of its session and its own, in one line. */
  TypeNames(ClassIndex classes, List<Path> libraries, String imports) {
    this.classes = classes;
    this.libraries = libraries;
    for (String each : imports.split(";")) {
      addImport(each.strip().replaceFirst("^import ", ""));
    }
  }

  private void addImport(String text) {
    if (text.startsWith("module ")) {
      java.lang.module.ModuleFinder.ofSystem()
          .find(text.substring("module ".length()))
          .ifPresent(module ->
              module.descriptor().exports().stream()
                  .filter(each -> !each.isQualified())
                  .forEach(each -> packages.add(each.source())));
    } else if (text.endsWith(".*")) {
      packages.add(text.substring(0, text.length() - 2));
    } else {
      named.add(text);
    }
  }

  private boolean isImported(String qualified) {
    return named.contains(qualified) || packages.contains(ClassIndex.parent(qualified));
  }

  /**
   * Types whose simple name begins as typed.
   *
   * @param wanted types whose subtypes come first
   * @param allowed which types may stand at the place
   * @param insert what is inserted for a type, given its spelling
   */
  List<Proposal> beginning(
      Spot spot,
      String typed,
      List<TypeMirror> wanted,
      Predicate<TypeElement> allowed,
      Insert insert) {
    List<String> candidates = new ArrayList<>();
    List<String> unimported = new ArrayList<>();
    for (String each : classes.beginning(typed, libraries)) {
      if (isImported(each)) {
        candidates.add(each);
      } else if (simpleName(each).startsWith(typed)) {
        unimported.add(each);
      }
    }
    candidates.addAll(
        unimported.subList(
            0, Math.min(unimported.size(), typed.length() < 2 ? 0 : MAX_CANDIDATES)));
    List<Proposal> found = new ArrayList<>();
    int outside = 0;
    for (String qualified :
        candidates.subList(0, Math.min(candidates.size(), 2 * MAX_CANDIDATES))) {
      boolean imported = isImported(qualified);
      TypeElement type = spot.elements.getTypeElement(qualified);
      if (type == null
          || !type.getModifiers().contains(Modifier.PUBLIC)
          || !allowed.test(type)
          || (!imported && ++outside > MAX_UNIMPORTED)) {
        continue;
      }
      String simple = type.getSimpleName().toString();
      found.add(
          new Proposal(
              simple,
              insert.of(type, imported ? simple : qualified),
              Signatures.kind(type),
              ClassIndex.parent(qualified),
              wanted.isEmpty() ? Proposal.Fit.OPEN : WantedTypes.fit(spot, type.asType(), wanted),
              imported ? Proposal.Nearness.IMPORTED : Proposal.Nearness.UNIMPORTED,
              imported ? rank(spot, type) : outside));
    }
    return found;
  }

  /** Among imported types those of every day come first, then short names; deprecated ones last. */
  private static int rank(Spot spot, TypeElement type) {
    String name = type.getQualifiedName().toString();
    String home = ClassIndex.parent(name);
    int group =
        spot.elements.isDeprecated(type)
            ? 3
            : home.equals("java.lang") ? 0 : home.startsWith("java.util") ? 1 : 2;
    return group * MAX_LENGTH + Math.min(name.length() - home.length(), MAX_LENGTH - 1);
  }

  private static String simpleName(String qualified) {
    return qualified.substring(qualified.lastIndexOf('.') + 1);
  }

  /** What is inserted for a type. */
  interface Insert {
    String of(TypeElement type, String spelling);
  }
}
