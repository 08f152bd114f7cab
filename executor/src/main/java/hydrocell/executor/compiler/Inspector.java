package hydrocell.executor.compiler;

import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import hydrocell.executor.javadoc.Library;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the name at a cursor, or of the call around it: signatures, documentation, and
 * the source when that is asked for. The cell need not be finished. Thread-safe.
 */
final class Inspector {
  private final Javac javac;
  private final ClassFiles classBytes;
  private final Library library;
  private final Path api;

  /**
   * An inspector with a compiler of its own, so that it does not wait for compilations.
   *
   * @param api jar or folder that holds hydrocell.api
   */
  Inspector(Javac javac, ClassFiles classBytes, Library library, Path api) {
    this.javac = javac;
    this.classBytes = classBytes;
    this.library = library;
    this.api = api;
  }

  /** What stands at a cursor. */
  CompileReply inspect(CompileRequest.Inspect request) {
    List<Symbol> symbols = request.context().symbols();
    String source = Packages.takeOut(request.source(), symbols).text();
    int cursor = Math.max(0, Math.min(request.cursor(), source.length()));
    for (Subject subject : Subject.at(source, cursor)) {
      CompileReply found = inspect(request, source, subject);
      if (found != null) {
        return found;
      }
    }
    return new CompileReply.Inspected(request.id(), null, "");
  }

  private @Nullable CompileReply inspect(
      CompileRequest.Inspect request, String source, Subject subject) {
    CompileRequest.Context context = request.context();
    List<Path> jars = context.classPath().stream().map(l -> Path.of(l.path())).toList();
    List<Path> documented = new ArrayList<>(jars);
    documented.add(api);
    UnitWriter.Unit unit = DraftUnit.write(source, context.symbols());
    return javac.examine(
        unit,
        SessionClasses.of(context, classBytes),
        jars,
        context.preview(),
        (task, tree) -> {
          Spot spot = Spot.around(task, tree, unit.unitOffset(subject.word().start()));
          List<Element> meant = spot == null ? List.of() : subject.meant(spot);
          return meant.isEmpty() || spot == null
              ? null
              : new Inspection(spot, new Origins(request, source), library, documented)
                  .reply(request, meant);
        });
  }
}
