package hydrocell.executor.compiler;

import hydrocell.cell.ClassRef;
import hydrocell.cell.message.CompileReply;
import hydrocell.cell.message.CompileRequest;
import java.nio.file.Path;
import java.util.function.Function;

/**
 * Compiles a cell against the symbols of a session. Keeps nothing of a session: what it needs of
 * earlier cells are their class files, which it asks for by content. The whole cell is checked
 * before anything of it is given out. Thread-safe.
 */
public final class CellCompiler {
  private static final int MAX_IMPORT_ROUNDS = 16;

  private final Javac javac;
  private final ClassFiles classBytes;
  private final ClassIndex index;

  /**
   * A compiler.
   *
   * @param api jar or folder that holds hydrocell.api
   * @param classBytes gives the bytes of an earlier cell's class
   */
  public CellCompiler(Path api, Function<ClassRef, byte[]> classBytes) {
    this(new Javac(api, false), (ref, context) -> classBytes.apply(ref), new ClassIndex());
  }

  CellCompiler(Javac javac, ClassFiles classBytes, ClassIndex index) {
    this.javac = javac;
    this.index = index;
    this.classBytes = classBytes;
  }

  /** Compiles; never throws for what stands in the cell. */
  public CompileReply compile(CompileRequest.Compile request) {
    Compilation compilation = new Compilation(request, javac, index, classBytes);
    for (int round = 0; round < MAX_IMPORT_ROUNDS; round++) {
      CompileReply reply = compilation.run();
      if (reply != null) {
        return reply;
      }
    }
    return new CompileReply.CompilerFailed(
        request.id(), "the cell needs too many imports to guess: write them down");
  }
}
