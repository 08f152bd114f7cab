package hydrocell.executor.compiler;

import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.lang.classfile.instruction.FieldInstruction;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What class files refer to: the names of the session in their constant pools, and the variables
 * and statics that their code reads and writes.
 *
 * @param refs names of every kind
 * @param reads variables and statics read
 * @param writes variables and statics written
 */
record ReferenceScan(Set<Name> refs, Set<Name> reads, Set<Name> writes) {
  /**
   * Scans classes.
   *
   * @param byOuter names of the session by the outermost class that stands for them
   * @param self what these classes define, which does not count as a reference; null for a cell
   */
  static ReferenceScan of(
      Collection<byte[]> classes, Map<String, Name> byOuter, @Nullable Name self) {
    ReferenceScan scan = new ReferenceScan(new TreeSet<>(), new TreeSet<>(), new TreeSet<>());
    for (byte[] bytes : classes) {
      ClassModel model = ClassRewriter.parse(bytes);
      for (PoolEntry entry : model.constantPool()) {
        if (entry instanceof Utf8Entry text && text.stringValue().contains("cell/")) {
          for (String outer : GeneratedNames.in(text.stringValue())) {
            Name name = byOuter.get(outer);
            if (name != null && !name.equals(self)) {
              scan.refs.add(name);
            }
          }
        }
      }
      for (MethodModel method : model.methods()) {
        method.code().ifPresent(code -> code.forEach(element -> scan.see(element, byOuter)));
      }
    }
    return scan;
  }

  private void see(CodeElement element, Map<String, Name> byOuter) {
    if (!(element instanceof FieldInstruction access)
        || !access.owner().asInternalName().startsWith("cell/")) {
      return;
    }
    boolean read = access.opcode() == Opcode.GETSTATIC;
    if (!read && access.opcode() != Opcode.PUTSTATIC) {
      return;
    }
    String owner = access.owner().asInternalName().replace('/', '.');
    Name name = byOuter.get(GeneratedNames.outerOf(owner));
    if (name == null) {
      return;
    }
    String path = name.kind() == Kind.TYPE ? GeneratedNames.typePath(owner) : null;
    (read ? reads : writes).add(path == null ? name : Name.statics(path));
  }
}
