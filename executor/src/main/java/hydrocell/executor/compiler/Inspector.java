package hydrocell.executor.compiler;

import hydrocell.cell.ClassRef;
import hydrocell.cell.MimeBundle;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the name at a cursor, or of the call around it. The cell need not be finished.
 * Thread-safe.
 */
final class Inspector {
  private final Javac javac;
  private final Function<ClassRef, byte[]> classBytes;

  /** An inspector with a compiler of its own, so that it does not wait for compilations. */
  Inspector(Javac javac, Function<ClassRef, byte[]> classBytes) {
    this.javac = javac;
    this.classBytes = classBytes;
  }

  /** What stands at a cursor. */
  CompileReply inspect(CompileRequest.Inspect request) {
    List<Symbol> symbols = request.context().symbols();
    String source = Packages.takeOut(request.source(), symbols).text();
    int cursor = Math.max(0, Math.min(request.cursor(), source.length()));
    MimeBundle found = null;
    for (Token word : Subject.at(source, cursor)) {
      found = inspect(request, source, word);
      if (found != null) {
        break;
      }
    }
    return new CompileReply.Inspected(request.id(), found);
  }

  private @Nullable MimeBundle inspect(CompileRequest.Inspect request, String source, Token word) {
    CompileRequest.Context context = request.context();
    UnitWriter.Unit unit = DraftUnit.write(source, context.symbols());
    return javac.examine(
        unit,
        SessionClasses.of(context, classBytes),
        context.classPath().stream().map(l -> Path.of(l.path())).toList(),
        context.preview(),
        (task, tree) -> {
          Spot spot = Spot.around(task, tree, unit.unitOffset(word.start()));
          List<Element> meant = spot == null ? List.of() : Subject.meant(spot, word.text());
          return meant.isEmpty() || spot == null
              ? null
              : MimeBundle.text(
                  meant.stream()
                      .map(each -> Signatures.declaration(each, each.asType()))
                      .collect(Collectors.joining("\n")));
        });
  }
}
