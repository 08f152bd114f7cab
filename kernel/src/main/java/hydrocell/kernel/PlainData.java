package hydrocell.kernel;

import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Name;
import hydrocell.cell.SharedVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads out of a version what it takes to declare its variable anew, where its type is made of
 * types of the JDK and records of them. A record counts that is nothing but its header: then this
 * person's own compiler makes all there is of its code, and nobody else's class is ever loaded.
 * Texts of others are taken apart here and go no further where they could be anything else.
 */
final class PlainData {
  private static final Pattern TYPE = Pattern.compile("[\\w.<>,?\\[\\] ]{1,500}");
  private static final Pattern RECORD =
      Pattern.compile(
          "\\s*(?:public\\s+)?record\\s+(\\w+)\\s*(<[\\w\\s,]*>)?\\s*"
              + "\\(([\\w\\s.<>,?\\[\\]]{0,2000})\\)\\s*\\{\\s*\\}\\s*");
  private static final Pattern IMPORT = Pattern.compile("java\\.[\\w.]{1,200}(\\.\\*)?");
  private static final int MOST_RECORDS = 50;

  private PlainData() {}

  /**
   * The declarations of a version's types and imports, and of its variable.
   *
   * @param local what the variable is to be called
   * @throws NotUsableException when they are more than data; the message says what is
   */
  static String declarations(SharedVersion version, String local) throws NotUsableException {
    Entry entry = version.entry();
    String type = entry.symbol().type();
    if (!TYPE.matcher(type).matches() || !isOneType(type)) {
      throw new NotUsableException("its type is written in an unusual way");
    }
    List<String> imports = new ArrayList<>();
    List<String> records = new ArrayList<>();
    Set<Name> names = new HashSet<>();
    for (Entry each : version.definitions()) {
      names.add(each.name());
      if (each.name().kind() == Kind.IMPORT && IMPORT.matcher(each.name().text()).matches()) {
        imports.add("import " + each.name().text() + ";");
      } else if (records.size() < MOST_RECORDS) {
        records.add(header(each));
      }
    }
    for (Name name : entry.valueRefs()) {
      if (!names.contains(name)) {
        throw new NotUsableException("its value has code that uses `%s`".formatted(name.text()));
      }
    }
    return "%s\n%s\n%s %s;"
        .formatted(String.join("\n", imports), String.join("\n", records), type, local);
  }

  private static String header(Entry definition) throws NotUsableException {
    String name = definition.name().text();
    Matcher header = RECORD.matcher(String.join("\n", definition.symbol().sources()));
    boolean plain =
        definition.name().kind() == Kind.TYPE
            && header.matches()
            && header.group(1).equals(name)
            && !isOfJdk(name);
    if (!plain) {
      throw new NotUsableException("`%s` is more than the header of a record".formatted(name));
    }
    String parameters = header.group(2) == null ? "" : header.group(2);
    return "record %s%s(%s) {}".formatted(name, parameters, header.group(3));
  }

  /** Whether no comma ends a declaration and begins another one. */
  private static boolean isOneType(String type) {
    int depth = 0;
    for (int i = 0; i < type.length(); i++) {
      char c = type.charAt(i);
      depth += c == '<' ? 1 : c == '>' ? -1 : 0;
      if (depth < 0 || (c == ',' && depth == 0)) {
        return false;
      }
    }
    return depth == 0;
  }

  /** A record is not to take the place of what the notebook's other cells mean by that name. */
  private static boolean isOfJdk(String name) {
    return ModuleLayer.boot()
        .findModule("java.base")
        .map(module ->
            module.getPackages().stream()
                .filter(each -> each.startsWith("java.") && module.isExported(each))
                .anyMatch(each -> isClass(each + "." + name)))
        .orElse(true);
  }

  private static boolean isClass(String name) {
    try {
      Class.forName(name, false, null);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
