package hydrocell.executor.compiler;

import hydrocell.cell.Diagnostic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import org.jspecify.annotations.Nullable;

/**
 * Says of a cell what javac says of the units that were made of it: where in the cell, in the
 * user's names, and what to do about it.
 */
final class Diagnosis {
  private final String source;
  private final CellSplitter.Parts parts;
  private final Hints hints;
  private final Dropped dropped;

  Diagnosis(String source, CellSplitter.Parts parts, Hints hints, Dropped dropped) {
    this.source = source;
    this.parts = parts;
    this.hints = hints;
    this.dropped = dropped;
  }

  List<Diagnostic> of(
      List<javax.tools.Diagnostic<? extends JavaFileObject>> errors,
      List<UnitWriter.Unit> written,
      Definitions all) {
    Map<String, UnitWriter.Unit> byClass =
        written.stream().collect(Collectors.toMap(UnitWriter.Unit::className, u -> u));
    Map<String, String> unusable = all.unusable(source);
    unusable.putAll(dropped.reasons());
    Set<String> ofCell = new LinkedHashSet<>();
    all.fresh().keySet().forEach(name -> ofCell.add(name.text()));
    List<Diagnostic> placed = new ArrayList<>();
    for (var error : errors) {
      String name = DiagnosticText.unresolvedName(error);
      String reason = unusable.get(name);
      UnitWriter.Unit unit = byClass.get(DiagnosticText.unitOf(error));
      if (!dropped.mistakesOf(name).isEmpty()) {
        dropped
            .mistakesOf(name)
            .forEach(each -> placed.add(told(each.error(), each.unit(), ofCell)));
      } else if (reason != null) {
        placed.add(place(error, unit, name + " is defined but cannot be used: " + reason));
      } else {
        placed.add(told(error, unit, ofCell));
      }
    }
    return placed;
  }

  private Diagnostic told(
      javax.tools.Diagnostic<? extends JavaFileObject> error,
      UnitWriter.@Nullable Unit unit,
      Set<String> ofCell) {
    Diagnostic diagnostic = place(error, unit, DiagnosticText.message(error));
    String hint = hints.of(error, ofCell);
    return hint.isEmpty() ? diagnostic : diagnostic.with(hint);
  }

  private Diagnostic place(
      javax.tools.Diagnostic<? extends JavaFileObject> error,
      UnitWriter.@Nullable Unit unit,
      String message) {
    int start = unit == null ? -1 : unit.cellOffset(error.getStartPosition());
    int end = unit == null ? -1 : unit.cellOffset(error.getEndPosition());
    Declaration imported = start < 0 ? importAt(error) : null;
    if (imported != null) {
      start = imported.start();
      end = start + imported.text().length();
    }
    return DiagnosticText.at(source, start, Math.max(start, end), message);
  }

  /** The import of the cell that an error is about; null when it is about something else. */
  private @Nullable Declaration importAt(javax.tools.Diagnostic<? extends JavaFileObject> error) {
    String message = error.getMessage(Locale.ROOT);
    String missing = DiagnosticText.unresolvedName(error);
    for (Declaration each : parts.imports()) {
      String text = each.name().text().replaceFirst("^(static|module) ", "");
      String parent = text.substring(0, Math.max(0, text.lastIndexOf('.')));
      if (message.contains("package " + parent + " does not exist")
          || message.contains("module not found: " + text)
          || (!missing.isEmpty() && text.matches("(.*\\.)?" + Pattern.quote(missing)))) {
        return each;
      }
    }
    return null;
  }
}
