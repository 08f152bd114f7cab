package hydrocell.executor.compiler;

import hydrocell.cell.ClassRef;
import hydrocell.cell.message.CompileRequest;

/** Gives the bytes of classes of earlier cells. */
@FunctionalInterface
interface ClassFiles {
  /** The bytes of a class that a context names. */
  byte[] bytes(ClassRef ref, CompileRequest.Context context);
}
