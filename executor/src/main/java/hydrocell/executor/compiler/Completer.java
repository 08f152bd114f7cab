package hydrocell.executor.compiler;

import com.sun.source.tree.CaseTree;
import com.sun.source.tree.ConstantCaseLabelTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.MemberReferenceTree;
import com.sun.source.tree.SwitchExpressionTree;
import com.sun.source.tree.SwitchTree;
import com.sun.source.util.TreePath;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeMirror;

/**
 * What could stand at a cursor. The unfinished cell is attributed by javac as far as that goes
 * ({@link Draft}, {@link DraftUnit}), and javac is asked what is visible at the cursor, or what
 * members there are. Thread-safe.
 */
final class Completer {
  private static final int MAX_PROPOSALS = 200;

  private final Javac javac;
  private final ClassFiles classBytes;
  private final ClassIndex classes;

  /** A completer with a compiler of its own, so that it does not wait for compilations. */
  Completer(Javac javac, ClassFiles classBytes, ClassIndex classes) {
    this.javac = javac;
    this.classBytes = classBytes;
    this.classes = classes;
  }

  /** Proposals at a cursor, the best first. */
  CompileReply complete(CompileRequest.Complete request) {
    int cursor = Math.max(0, Math.min(request.cursor(), request.source().length()));
    List<Symbol> symbols = request.context().symbols();
    Draft draft = Draft.at(Packages.takeOut(request.source(), symbols).text(), cursor);
    Map<String, CompileReply.Completion> unique = new LinkedHashMap<>();
    new Completion(draft, request.context())
        .proposals().stream()
            .filter(each -> Proposal.matches(each.name(), draft.typed()))
            .sorted(Proposal.order(draft.typed()))
            .forEach(each -> unique.putIfAbsent(each.text(), each.completion()));
    return new CompileReply.Completions(
        request.id(),
        draft.start(),
        cursor,
        unique.values().stream().limit(MAX_PROPOSALS).toList());
  }

  /** One completion. */
  private final class Completion {
    private final Draft draft;
    private final CompileRequest.Context context;
    private final List<Path> libraries;

    Completion(Draft draft, CompileRequest.Context context) {
      this.draft = draft;
      this.context = context;
      this.libraries = context.classPath().stream().map(l -> Path.of(l.path())).toList();
    }

    List<Proposal> proposals() {
      if (!draft.isCode()) {
        return List.of();
      }
      List<Proposal> found = attempt(draft);
      if (found.isEmpty()) {
        found = attempt(draft.cut());
      }
      return found.isEmpty() ? keywords(Role.NAME) : found;
    }

    private List<Proposal> keywords(Role role) {
      return draft.typed().isEmpty()
          ? List.of()
          : role.keywords().stream().map(Completion::keyword).toList();
    }

    private List<Proposal> attempt(Draft reading) {
      return javac.examine(
          DraftUnit.write(reading.text(), context.symbols()),
          SessionClasses.of(context, classBytes),
          libraries,
          context.preview(),
          (task, tree) -> {
            List<String> imported = reading.importPath();
            if (imported != null) {
              return new ImportNames(classes, libraries)
                  .in(imported, reading.typed(), task.getElements());
            }
            Spot spot = Spot.marked(task, tree);
            return spot == null ? List.<Proposal>of() : at(spot, reading);
          });
    }

    private List<Proposal> at(Spot spot, Draft reading) {
      Role role = Role.of(spot, reading);
      ExpressionTree qualifier = spot.qualifier();
      if (qualifier != null) {
        return behind(spot, qualifier, role);
      }
      List<Proposal> found = new ArrayList<>();
      if (role == Role.CASE) {
        found.addAll(labels(spot));
      }
      if (role != Role.NAME && found.isEmpty()) {
        new NameProposals(spot, role, reading.typed(), reading.isCalled() || reading.follows("<"))
            .addTo(found, new TypeNames(classes, libraries, imports(reading)));
      }
      found.addAll(keywords(role));
      return found;
    }

    private String imports(Draft reading) {
      return new Imports(context.symbols(), CellSplitter.split(reading.text()), Set.of()).line();
    }

    private static Proposal keyword(String word) {
      return new Proposal(
          word, word, "keyword", "", Proposal.Fit.OPEN, Proposal.Nearness.KEYWORD, 0);
    }

    private List<Proposal> behind(Spot spot, ExpressionTree qualifier, Role role) {
      boolean anything = role == Role.STATEMENT || spot.leaf() instanceof MemberReferenceTree;
      List<TypeMirror> wanted = anything ? List.of() : WantedTypes.at(spot);
      String name = MemberNames.packageName(qualifier);
      Element meant = spot.elementOf(qualifier);
      List<Proposal> members =
          meant instanceof PackageElement
              ? List.of()
              : new MemberNames(spot, wanted, draft.isCalled(), role.takesTypesOnly())
                  .of(qualifier);
      return members.isEmpty() && name != null
          ? new ImportNames(classes, libraries).inPackage(name, spot.elements)
          : members;
    }

    /** The constants or subtypes that a case can name; none when others are possible. */
    private static List<Proposal> labels(Spot spot) {
      List<Proposal> found = new ArrayList<>();
      Set<String> used = usedLabels(spot);
      for (TypeMirror wanted : WantedTypes.at(spot)) {
        for (Element each : WantedTypes.constants(wanted)) {
          String name = each.getSimpleName().toString();
          if (!used.contains(name)) {
            found.add(label(name, "constant", found.size()));
          }
        }
        if (wanted instanceof DeclaredType declared
            && declared.asElement() instanceof TypeElement type
            && type.getModifiers().contains(Modifier.SEALED)) {
          for (TypeMirror each : type.getPermittedSubclasses()) {
            found.add(label(Signatures.type(spot.types.erasure(each)), "class", found.size()));
          }
        }
      }
      return found;
    }

    private static Proposal label(String name, String kind, int place) {
      return new Proposal(
          name, name, kind, "", Proposal.Fit.WANTED, Proposal.Nearness.LOCAL, place);
    }

    private static Set<String> usedLabels(Spot spot) {
      TreePath at = spot.path;
      while (!(at.getLeaf() instanceof CaseTree)) {
        at = at.getParentPath();
      }
      List<? extends CaseTree> cases =
          switch (at.getParentPath().getLeaf()) {
            case SwitchTree statement -> statement.getCases();
            case SwitchExpressionTree expression -> expression.getCases();
            default -> List.of();
          };
      return cases.stream()
          .flatMap(each -> each.getLabels().stream())
          .filter(each -> each instanceof ConstantCaseLabelTree)
          .map(each -> ((ConstantCaseLabelTree) each).getConstantExpression().toString())
          .collect(Collectors.toSet());
    }
  }
}
