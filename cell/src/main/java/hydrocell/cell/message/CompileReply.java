package hydrocell.cell.message;

import hydrocell.cell.CellFunction;
import hydrocell.cell.Diagnostic;
import hydrocell.cell.MimeBundle;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the compile service answers. */
public sealed interface CompileReply {
  /** The request's id. */
  long id();

  /** The cell compiles; {@code cached} when nothing had to be compiled. */
  record Compiled(long id, CellFunction function, boolean cached) implements CompileReply {}

  /** The cell does not compile; at least one diagnostic is an error. */
  record Rejected(long id, List<Diagnostic> diagnostics) implements CompileReply {}

  /** The compiler itself failed or took too long; the message says what to do. */
  record CompilerFailed(long id, String message) implements CompileReply {}

  /**
   * One proposal: {@code text} replaces start..end; {@code kind} such as method, class, keyword.
   */
  record Completion(String text, String kind, String signature) {}

  /** Proposals for start..end of the source, in UTF-16 units, the best first. */
  record Completions(long id, int start, int end, List<Completion> proposals)
      implements CompileReply {}

  /**
   * What is known of the place.
   *
   * @param documentation null when nothing
   * @param undocumentedJar a jar whose sources or javadoc would tell more and are not on this
   *     machine; empty when there is none
   */
  record Inspected(long id, @Nullable MimeBundle documentation, String undocumentedJar)
      implements CompileReply {}

  /**
   * Whether the source is complete.
   *
   * @param status complete, incomplete, invalid or unknown
   * @param indent what the next line starts with when incomplete
   */
  record Completeness(long id, String status, String indent) implements CompileReply {}

  /**
   * Annotation processors of the notebook's libraries may have a say in the cell, and they run in
   * no process that others share: {@link HostRequest.ProcessingCompileService} is to be asked.
   */
  record ProcessorsNeeded(long id) implements CompileReply {}
}
