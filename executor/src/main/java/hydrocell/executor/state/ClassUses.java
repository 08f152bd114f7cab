package hydrocell.executor.state;

import hydrocell.cell.ClassRef;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.constantpool.Utf8Entry;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which generated classes a generated class names, and which names of the session those stand for:
 * what a stored lambda reads, and what must be there to run it. Thread-safe.
 */
final class ClassUses {
  private static final Pattern GENERATED = Pattern.compile("cell/[^;<>()\\[.:,\\s\"/]+");

  private final SessionLoader loader;
  private final Map<String, Set<String>> uses = new ConcurrentHashMap<>();
  private final Map<String, Name> nameOfClass = new ConcurrentHashMap<>();

  ClassUses(SessionLoader loader) {
    this.loader = loader;
  }

  /** Learns which classes a definition owns. */
  void define(Symbol symbol) {
    if (!symbol.className().isEmpty()) {
      nameOfClass.put(symbol.className(), symbol.name());
    }
    for (ClassRef ref : symbol.classes()) {
      nameOfClass.putIfAbsent(ref.binaryName(), symbol.name());
    }
  }

  /** These classes and all that they name, onwards. */
  Set<ClassRef> reach(Collection<ClassRef> start) {
    Set<ClassRef> reached = new LinkedHashSet<>(start);
    Deque<ClassRef> open = new ArrayDeque<>(start);
    while (!open.isEmpty()) {
      for (String used : usesOf(open.poll())) {
        ClassRef ref = loader.refOf(used);
        if (ref != null && reached.add(ref)) {
          open.add(ref);
        }
      }
    }
    return reached;
  }

  /** The names that classes stand for. */
  Set<Name> names(Collection<ClassRef> classes) {
    Set<Name> names = new LinkedHashSet<>();
    for (ClassRef ref : classes) {
      Name name = nameOfClass.get(ref.binaryName());
      if (name != null) {
        names.add(name);
      }
    }
    return names;
  }

  private Set<String> usesOf(ClassRef ref) {
    Set<String> known = uses.get(ref.binaryName());
    if (known != null) {
      return known;
    }
    byte[] bytes = loader.has(ref) ? loader.bytesOf(ref) : null;
    if (bytes == null) {
      return Set.of();
    }
    Set<String> found = new LinkedHashSet<>();
    ClassModel model = ClassFile.of().parse(bytes);
    for (PoolEntry entry : model.constantPool()) {
      if (entry instanceof Utf8Entry utf8 && utf8.stringValue().contains("cell/")) {
        Matcher matcher = GENERATED.matcher(utf8.stringValue());
        while (matcher.find()) {
          found.add(matcher.group().replace('/', '.'));
        }
      }
    }
    found.remove(ref.binaryName());
    uses.put(ref.binaryName(), found);
    return found;
  }
}
