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
import java.util.stream.Collectors;

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
      if (each.name().kind() == Kind.IMPORT) {
        imports.add(importOf(each.name().text()));
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

  /** An import stays in the notebook: it is not to change what other cells mean by a name. */
  private static String importOf(String text) throws NotUsableException {
    int dot = text.lastIndexOf('.');
    String name = text.substring(dot + 1);
    boolean plain =
        IMPORT.matcher(text).matches()
            && basePackages().contains(text.substring(0, dot))
            && (name.equals("*") || packagesWith(name).equals(List.of(text.substring(0, dot))));
    if (!plain) {
      throw new NotUsableException("`import %s` could change what your cells mean".formatted(text));
    }
    return "import " + text + ";";
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
    return !packagesWith(name).isEmpty();
  }

  /** The packages of java.base in which there is a class of this name. */
  private static List<String> packagesWith(String name) {
    return basePackages().stream().filter(each -> isClass(each + "." + name)).toList();
  }

  private static Set<String> basePackages() {
    Module base = Object.class.getModule();
    return base.getPackages().stream()
        .filter(each -> each.startsWith("java.") && base.isExported(each))
        .collect(Collectors.toUnmodifiableSet());
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
