/**
 * Source → {@link hydrocell.cell.CellFunction}. {@link hydrocell.executor.compiler.CellCompiler} is
 * the central class: it splits a cell ({@link hydrocell.executor.compiler.CellSplitter}), names
 * every definition by its content ({@link hydrocell.executor.compiler.Versions}), writes one
 * compilation unit per definition and one for the cell's statements ({@link
 * hydrocell.executor.compiler.UnitWriter}), has javac compile them, and rewrites and reads the
 * class files ({@link hydrocell.executor.compiler.ClassRewriter}, {@link
 * hydrocell.executor.compiler.ReferenceScan}).
 *
 * <p>What is asked while a cell is being written is answered by {@link
 * hydrocell.executor.compiler.Completer} and {@link hydrocell.executor.compiler.Inspector}: the
 * unfinished cell becomes one unit ({@link hydrocell.executor.compiler.DraftUnit}) that javac
 * attributes as far as it can.
 *
 * <p>Static state of a user's class or record: its {@code <clinit>} becomes {@code $initialise()},
 * which the executor calls once, when the type is defined; afterwards its static fields are
 * variables of the session. Enums and interfaces keep their {@code <clinit>}, which runs in every
 * executor: constants are known by name. Types nested in a user's type keep theirs, too.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.executor.compiler;
