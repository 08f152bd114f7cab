package hydrocell.cell.message;

import hydrocell.cell.Symbol;
import java.util.List;
import java.util.Map;

/** What a kernel asks of the compile service; each answered by one {@link CompileReply}. */
public sealed interface CompileRequest {
  /** Matches the reply; unique on its connection. */
  long id();

  /** The same in another person's session, see {@link Context#of}. */
  default CompileRequest in(String session) {
    return this;
  }

  /**
   * What source is compiled against.
   *
   * @param symbols those that the source can reach: every name that is a word of the source, what
   *     these refer to onwards, their dependents, and all imports
   * @param classPath jars of the session's dependencies, by path and SHA-256
   * @param preview whether preview features are on
   * @param of whose session it is, as {@link hydrocell.cell.TheirSession} spells it; empty for one
   *     of the person's own
   */
  record Context(List<Symbol> symbols, List<Library> classPath, boolean preview, String of) {
    /** In a session of the person's own. */
    public Context(List<Symbol> symbols, List<Library> classPath, boolean preview) {
      this(symbols, classPath, preview, "");
    }

    private Context in(String session) {
      return new Context(symbols, classPath, preview, session);
    }
  }

  /**
   * A jar.
   *
   * @param path absolute
   * @param sha256 of its bytes
   * @param wanted whether the user asked for it; annotation processors of the others never run
   */
  record Library(String path, String sha256, boolean wanted) {
    /** A library that the user asked for. */
    public Library(String path, String sha256) {
      this(path, sha256, true);
    }
  }

  /** Compiles a cell; {@code cellName} such as {@code cell [3]} stands in traces. */
  record Compile(long id, String cellName, String source, Context context)
      implements CompileRequest {
    @Override
    public Compile in(String session) {
      return new Compile(id, cellName, source, context.in(session));
    }
  }

  /** What could stand at a place; {@code cursor} in UTF-16 units. */
  record Complete(long id, String source, int cursor, Context context) implements CompileRequest {
    @Override
    public Complete in(String session) {
      return new Complete(id, source, cursor, context.in(session));
    }
  }

  /**
   * What stands at a place.
   *
   * @param cursor in UTF-16 units
   * @param detail 1 asks for the source too
   * @param cellNumbers by the spelling of a name, which cell wrote it
   */
  record Inspect(
      long id,
      String source,
      int cursor,
      int detail,
      Context context,
      Map<String, Integer> cellNumbers)
      implements CompileRequest {
    @Override
    public Inspect in(String session) {
      return new Inspect(id, source, cursor, detail, context.in(session), cellNumbers);
    }
  }

  /** Whether the source could be run as it is. */
  record CheckComplete(long id, String source) implements CompileRequest {}
}
