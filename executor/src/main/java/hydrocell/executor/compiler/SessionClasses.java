package hydrocell.executor.compiler;

import hydrocell.cell.ClassRef;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The class files that the names of a session are made of. */
final class SessionClasses {
  private SessionClasses() {}

  /** Class files by binary name; each is fetched when it is asked for. */
  static Map<String, Supplier<byte[]>> of(CompileRequest.Context context, ClassFiles classBytes) {
    Map<String, Supplier<byte[]>> found = new HashMap<>();
    for (Symbol symbol : context.symbols()) {
      for (ClassRef ref : symbol.classes()) {
        found.put(ref.binaryName(), () -> classBytes.bytes(ref, context));
      }
    }
    return found;
  }
}
