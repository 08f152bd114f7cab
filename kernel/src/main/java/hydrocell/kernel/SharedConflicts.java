package hydrocell.kernel;

import hydrocell.anna.lattice.CausalRegister;
import hydrocell.anna.lattice.VersionVector;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SharedUse;
import hydrocell.cell.SharedVersion;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Versions of a shared name that stand side by side: in words, and how one of them, or what a
 * function makes of all, becomes the only one. For the thread that runs cells.
 */
public final class SharedConflicts {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");

  /** What stands between a variable and the number of one of its versions. */
  private static final String VERSION = "$version";

  private static final Map<String, String> BOXED =
      Map.of(
          "int",
          "Integer",
          "long",
          "Long",
          "double",
          "Double",
          "float",
          "Float",
          "boolean",
          "Boolean",
          "byte",
          "Byte",
          "short",
          "Short",
          "char",
          "Character");

  private final Session session;
  private final SharedCut cut;
  private final SharedImports imports;
  private final SharedPublications publications;

  SharedConflicts(
      Session session, SharedCut cut, SharedImports imports, SharedPublications publications) {
    this.session = session;
    this.cut = cut;
    this.imports = imports;
    this.publications = publications;
  }

  /** The versions of a name that stand side by side, in words. */
  String describe(Name name, SharedUse use) {
    StringBuilder text =
        new StringBuilder("%s was written at the same time:%n".formatted(called(name, use)));
    int number = 0;
    for (SharedVersion version : versions(use)) {
      text.append(
          "  %d  by %s: %s%n".formatted(++number, by(version), Siblings.content(version.entry())));
    }
    return text.append(
            "  `%%resolve %s N`, `mine` or `theirs` chooses, `with FUNCTION` makes one of them"
                .formatted(name.text()))
        .toString();
  }

  /** A variable as lines speak of it: with its shared name, where that is another one. */
  static String called(Name name, SharedUse use) {
    return use.shared().variable().equals(name)
        ? "`%s`".formatted(name.text())
        : "`%s` (%s)".formatted(name.text(), use.shared());
  }

  /** Who wrote a version, when and where. */
  String by(SharedVersion version) {
    return "%s, %s%s"
        .formatted(
            isOwn(version) ? "this notebook" : version.person(),
            TIME.format(Instant.ofEpochMilli(version.timeMs()).atZone(ZoneId.systemDefault())),
            version.notebook().isEmpty() ? "" : " in " + version.notebook());
  }

  private boolean isOwn(SharedVersion version) {
    return version.sessionId().equals(session.keys().sessionId());
  }

  private List<SharedVersion> versions(SharedUse use) {
    return SharedVersion.readableIn(cut.register(use.shared().versions()));
  }

  /**
   * Makes one of the versions that stand side by side the only one.
   *
   * @param choice a number, {@link Siblings#MINE} or {@link Siblings#THEIRS}
   */
  public SharedVersion resolve(Name name, SharedUse use, String choice)
      throws IOException, NotUsableException {
    SharedVersion chosen = choose(versions(use), choice);
    Map<Name, Entry> entries = imports.of(name, use.shared(), chosen);
    Entry value = Objects.requireNonNull(entries.get(name));
    VersionVector seen = cut.register(use.shared().versions()).context();
    replace(name, use.at(chosen.entry().stamp(), seen), entries, value);
    return chosen;
  }

  /**
   * Commits a value as what the notebook's own cell wrote on top of what it has seen, and shares
   * it. What came meanwhile stands beside it.
   */
  private void replace(Name name, SharedUse now, Map<Name, Entry> entries, Entry value)
      throws IOException {
    Entry setting = now.entry(name, now.dot(), session.cellNumber());
    entries.put(setting.name(), setting);
    entries.put(name, value.ownedBy(""));
    session.takeOver(List.copyOf(entries.values()), List.of());
    publications.publish(Map.of(name, now));
  }

  private SharedVersion choose(List<SharedVersion> versions, String choice)
      throws NotUsableException {
    requireSeveral(versions);
    List<SharedVersion> fitting = new ArrayList<>();
    for (int i = 0; i < versions.size(); i++) {
      boolean own = isOwn(versions.get(i));
      if (choice.equals(Integer.toString(i + 1))
          || (own && choice.equals(Siblings.MINE))
          || (!own && choice.equals(Siblings.THEIRS))) {
        fitting.add(versions.get(i));
      }
    }
    if (fitting.size() != 1) {
      throw new NotUsableException(
          "'%s' is not one version; there are 1 to %d, `mine` and `theirs`"
              .formatted(choice, versions.size()));
    }
    return fitting.getFirst();
  }

  private static void requireSeveral(List<SharedVersion> versions) throws NotUsableException {
    if (versions.size() < 2) {
      throw new NotUsableException("it has one version only");
    }
  }

  /**
   * A cell that makes one value of all versions.
   *
   * @param name the variable
   * @param use what it is
   * @param java the cell
   * @param seen what it settles
   * @param versions the variables that hold the versions while it runs
   */
  public record Settlement(
      Name name, SharedUse use, String java, VersionVector seen, List<Name> versions) {}

  /**
   * Brings all versions into the notebook, for a cell that applies a function to them, the oldest
   * first. What it writes is not shared before {@link #end}.
   *
   * @param function a method of the notebook, a variable with a function, or an expression
   */
  Settlement begin(Name name, SharedUse use, String function)
      throws IOException, NotUsableException {
    CausalRegister register = cut.register(use.shared().versions());
    List<SharedVersion> found = versions(use).reversed();
    requireSeveral(found);
    requireSameDefinitions(found);
    Map<Name, Entry> entries = new LinkedHashMap<>();
    List<Name> names = new ArrayList<>();
    for (SharedVersion version : found) {
      Name each = Name.variable(name.text() + VERSION + (names.size() + 1));
      names.add(each);
      entries.putAll(imports.of(each, use.shared(), version));
    }
    session.takeOver(List.copyOf(entries.values()), List.of());
    publications.hold(name);
    return new Settlement(
        name, use, java(name, function, names), register.context(), List.copyOf(names));
  }

  private static void requireSameDefinitions(List<SharedVersion> versions)
      throws NotUsableException {
    Map<Name, Entry> known = new LinkedHashMap<>();
    for (SharedVersion version : versions) {
      for (Entry each : version.definitions()) {
        Entry other = known.putIfAbsent(each.name(), each);
        if (other != null && !other.symbol().className().equals(each.symbol().className())) {
          throw new NotUsableException(
              "its versions do not have the same `%s`: choose one of them"
                  .formatted(each.name().text()));
        }
      }
    }
  }

  /** Whether a name holds a version for a while, and is nothing that one goes back to. */
  public static boolean isVersion(Name name) {
    return name.kind() == Kind.VARIABLE && name.text().contains(VERSION);
  }

  /** The variables that hold versions, of a kernel that went away while it made one of several. */
  static List<Name> leftBehind(Manifest manifest, Set<String> writersHere) {
    List<Name> left = new ArrayList<>();
    for (Entry setting : manifest.beginningWith(SharedUse.FIRST)) {
      Name first = Name.variable(SharedUse.variable(setting).text() + VERSION);
      manifest.beginningWith(first).stream()
          .filter(entry -> !writersHere.contains(entry.stamp().writer()))
          .forEach(entry -> left.add(entry.name()));
    }
    return left;
  }

  /** The versions' objects are to be the result's alone, so their variables let go of them. */
  private String java(Name name, String function, List<Name> versions) {
    StringBuilder java = new StringBuilder("{ ");
    String folded = "";
    int number = 0;
    for (Name version : versions) {
      String local = "version$" + ++number;
      Entry entry = Objects.requireNonNull(session.manifest().get(version));
      java.append("var %s = %s; ".formatted(local, version.text()));
      if (entry.symbol().descriptor().length() > 1) {
        java.append(version.text()).append(" = null; ");
      }
      folded = number == 1 ? local : applied(name, function, folded, local);
    }
    return java.append("%s = %s; }".formatted(name.text(), folded)).toString();
  }

  private String applied(Name name, String function, String one, String other) {
    if (session.manifest().get(new Name(Kind.METHOD, function)) != null) {
      return "%s(%s, %s)".formatted(function, one, other);
    }
    if (session.manifest().get(Name.variable(function)) != null) {
      return "%s.apply(%s, %s)".formatted(function, one, other);
    }
    String type = Objects.requireNonNull(session.manifest().get(name)).symbol().type();
    return "((java.util.function.BinaryOperator<%s>) (%s)).apply(%s, %s)"
        .formatted(BOXED.getOrDefault(type, type), function, one, other);
  }

  /** The cell has run: what it made replaces all versions, or they stand as they did. */
  public void end(Settlement settlement, boolean settles) throws IOException {
    Name name = settlement.name();
    publications.release(name);
    session.takeOver(List.of(), settlement.versions());
    if (settles) {
      Entry made = Objects.requireNonNull(session.manifest().get(name));
      SharedUse now = settlement.use().at(made.stamp(), settlement.seen());
      replace(name, now, new LinkedHashMap<>(), made);
    }
  }
}
