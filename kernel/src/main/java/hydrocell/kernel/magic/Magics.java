package hydrocell.kernel.magic;

import hydrocell.cell.Manifest;
import hydrocell.kernel.CellPipeline;
import hydrocell.kernel.Dependencies;
import hydrocell.kernel.History;
import hydrocell.kernel.Session;
import hydrocell.kernel.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All commands. */
public final class Magics {
  /** Commands of all notebooks by their names. */
  static final Map<String, Magic> KNOWN = known();

  /** Commands whose value can be assigned to a variable. */
  private static final Set<String> VALUED =
      Set.of(
          "jars",
          "classpath",
          "maven",
          "addMavenDependency",
          "addMavenDependencies",
          "read",
          "image");

  private final Session session;
  private final CellPipeline pipeline;
  private final History history;
  private final Dependencies dependencies;
  private final Surroundings surroundings;

  /** Commands of a notebook. */
  public Magics(
      Session session,
      CellPipeline pipeline,
      History history,
      Dependencies dependencies,
      Surroundings surroundings) {
    this.session = session;
    this.pipeline = pipeline;
    this.history = history;
    this.dependencies = dependencies;
    this.surroundings = surroundings;
  }

  private static Map<String, Magic> known() {
    List<Magic> all = new ArrayList<>(NameMagics.all());
    all.addAll(VersionMagics.all());
    all.addAll(ShareMagics.all());
    all.addAll(KernelMagics.all());
    all.addAll(JobMagics.all());
    all.addAll(GraphMagics.all());
    all.addAll(DependencyMagics.all());
    all.addAll(PlaceMagics.all());
    all.addAll(SourceMagics.all());
    all.addAll(ScriptMagics.all());
    all.addAll(FileMagics.all());
    all.addAll(TimeMagics.all());
    all.addAll(ProfileMagics.all());
    all.add(HelpMagic.HELP);
    for (String other : HelpMagic.OTHER_NAMES) {
      all.add(HelpMagic.HELP.named(other, "%" + other));
    }
    Map<String, Magic> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.forEach(magic -> byName.put(magic.name(), magic));
    Map<String, Magic> exact = new LinkedHashMap<>();
    byName.values().forEach(magic -> exact.put(magic.name(), magic));
    return Collections.unmodifiableMap(exact);
  }

  /** The commands of a notebook, its own among them. */
  static List<Magic> all(Manifest manifest) {
    List<Magic> all = new ArrayList<>(KNOWN.values());
    all.addAll(UserMagics.of(manifest));
    return all;
  }

  static boolean isKnown(String name) {
    return KNOWN.containsKey(name);
  }

  /** A cell's source as it may stand in the history. */
  public static String withoutSecrets(String source) {
    return PlaceMagics.withoutSecrets(source);
  }

  /** Does one command of a cell. */
  public void run(CellText.Command written, Cells cells) throws IOException, MagicException {
    CellText.Command command = Interpolation.of(session.manifest(), cells).apply(written);
    Magic own = UserMagics.named(session.manifest(), command.name());
    Magic magic = own == null ? KNOWN.get(command.name()) : own;
    if (magic == null) {
      throw new MagicException(HelpMagic.unknown(command.name(), session.manifest()));
    }
    if (!command.target().isEmpty() && own == null && !VALUED.contains(command.name())) {
      throw new MagicException("%%%s has no value to assign".formatted(command.name()));
    }
    magic
        .action()
        .run(
            new Magic.Context(
                session, pipeline, history, dependencies, surroundings, cells, command),
            command.arguments().strip());
  }

  /**
   * What could stand at a place of a cell that belongs to a command.
   *
   * @param start of what a proposal replaces, as far as the cursor, in UTF-16 units
   */
  public record Proposals(int start, List<String> texts) {}

  /** Proposals at a place; null when there is no command. Any thread. */
  public @Nullable Proposals propose(
      Manifest manifest,
      String cell,
      int cursor,
      Collection<String> names,
      Collection<String> environment,
      Path directory) {
    if (CellText.textAt(cell, cursor) != null) {
      return new Proposals(cursor, List.of());
    }
    CommandLine line = CommandLine.at(cell, cursor);
    return line == null
        ? null
        : new Proposals(
            line.start(),
            line.proposals(
                all(manifest), new CommandLine.Surrounding(names, environment, directory)));
  }
}
