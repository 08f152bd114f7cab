package hydrocell.kernel;

import hydrocell.cell.Dependency;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest.Library;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The libraries of this notebook: part of its state, so that they are there again after a resume.
 * All that were asked for are resolved together each time. Only for the shell's thread.
 */
public final class Dependencies {
  private static final String REPOSITORY = "repository:";

  private final Backend backend;
  private final Session session;
  private final CellPipeline pipeline;
  private boolean checked;

  Dependencies(Backend backend, Session session, CellPipeline pipeline) {
    this.backend = backend;
    this.session = session;
    this.pipeline = pipeline;
  }

  /**
   * What an addition changed.
   *
   * @param tree who needs what, one line each
   * @param added how many libraries are new
   * @param replaced names of those that are there in another version, or are gone; the executor was
   *     given back for their sake
   */
  public record Change(List<String> tree, int added, List<String> replaced) {}

  /** The libraries of a manifest, as compiler and executor want them. */
  static List<Library> classPath(Manifest manifest) {
    return Dependency.in(manifest.entries()).stream()
        .map(each -> new Library(each.artifact().path(), each.artifact().sha256()))
        .toList();
  }

  /** All libraries, in the order of the class path. */
  public List<Dependency> all() {
    return Dependency.in(session.manifest().entries());
  }

  private List<ResolveRequest.Repository> repositories() {
    List<ResolveRequest.Repository> found = new ArrayList<>();
    for (Entry entry : session.manifest().entries()) {
      String text = entry.name().text();
      if (entry.name().kind() == Kind.SETTING && text.startsWith(REPOSITORY)) {
        found.add(
            new ResolveRequest.Repository(
                text.substring(REPOSITORY.length()), entry.symbol().type()));
      }
    }
    return found;
  }

  /** Adds a place to look in for libraries that are asked for from now on. */
  public void addRepository(String id, String url) throws IOException {
    session.set(repository(id, url));
  }

  private static Symbol repository(String id, String url) {
    return Symbol.plain(new Name(Kind.SETTING, REPOSITORY + id), url);
  }

  private Entry entry(Symbol symbol) {
    return Entry.definition(symbol, session.nextStamp(), session.cellNumber());
  }

  /**
   * Adds libraries by their coordinates, or those of a POM.
   *
   * @throws IOException with words for the user when something cannot be had; nothing changed then
   */
  public Change add(List<String> coordinates, String pom, boolean offline) throws IOException {
    Map<Name, String> wanted = new LinkedHashMap<>();
    List<Dependency> files = new ArrayList<>();
    for (Dependency each : all()) {
      if (isFile(each)) {
        files.add(each);
      } else if (each.wanted()) {
        wanted.put(Dependency.name(each.artifact()), each.artifact().coordinates());
      }
    }
    for (String each : coordinates) {
      wanted.put(Dependency.name(new Resolution.Artifact(each, "", "")), each);
    }
    Resolution.Resolved resolved =
        resolve(
            new ResolveRequest(
                List.copyOf(wanted.values()),
                repositories(),
                pom,
                offline || Setting.MAVEN_OFFLINE.isOn(session.manifest())));
    Set<Name> roots = new HashSet<>();
    resolved
        .wanted()
        .forEach(each -> roots.add(Dependency.name(new Resolution.Artifact(each, "", ""))));
    List<Dependency> now = new ArrayList<>();
    for (Resolution.Artifact artifact : resolved.artifacts()) {
      now.add(new Dependency(artifact, now.size(), roots.contains(Dependency.name(artifact))));
    }
    for (Dependency file : files) {
      now.add(new Dependency(file.artifact(), now.size(), true));
    }
    List<Entry> places = new ArrayList<>();
    resolved.repositories().forEach(r -> places.add(entry(repository(r.id(), r.url()))));
    places.removeAll(session.manifest().entries());
    return commit(now, places, resolved.tree());
  }

  private Resolution.Resolved resolve(ResolveRequest request) throws IOException {
    HostReply reply;
    try {
      reply = pipeline.await(backend.ask(id -> new HostRequest.Resolve(id, request)));
    } catch (Interruption.InterruptedCell e) {
      throw new IOException("interrupted: no library was added", e);
    }
    Resolution resolution = Backend.expect(HostReply.ResolutionIs.class, reply).resolution();
    if (resolution instanceof Resolution.Unresolved(String reason)) {
      throw new IOException(reason);
    }
    return (Resolution.Resolved) resolution;
  }

  /** Adds jars and folders of classes that lie on this machine. */
  public Change addFiles(Collection<Path> files) throws IOException {
    List<Dependency> now = new ArrayList<>(all());
    for (Path file : files) {
      Path absolute = file.toAbsolutePath().normalize();
      String hash = Files.isDirectory(absolute) ? "folder" : Hashes.sha256(absolute);
      Resolution.Artifact artifact =
          new Resolution.Artifact(absolute.getFileName().toString(), absolute.toString(), hash);
      now.removeIf(each -> each.artifact().coordinates().equals(artifact.coordinates()));
      now.add(new Dependency(artifact, now.size(), true));
    }
    return commit(now, List.of(), List.of());
  }

  private static boolean isFile(Dependency dependency) {
    return !dependency.artifact().coordinates().contains(":");
  }

  private Change commit(List<Dependency> now, List<Entry> more, List<String> tree)
      throws IOException {
    Map<Name, Dependency> before = new LinkedHashMap<>();
    all().forEach(each -> before.put(Dependency.name(each.artifact()), each));
    List<Entry> entries = new ArrayList<>(more);
    Set<String> replaced = new LinkedHashSet<>();
    int added = 0;
    for (Dependency each : now) {
      Dependency old = before.remove(Dependency.name(each.artifact()));
      if (!each.equals(old)) {
        entries.add(entry(each.symbol()));
      }
      if (old == null) {
        added++;
      } else if (!old.artifact().equals(each.artifact())) {
        replaced.add(each.artifact().coordinates());
      }
    }
    before.keySet().forEach(name -> replaced.add(name.text()));
    if (!entries.isEmpty() || !before.isEmpty()) {
      session.commit(entries, List.copyOf(before.keySet()));
    }
    if (!replaced.isEmpty()) {
      pipeline.release();
    }
    return new Change(tree, added, List.copyOf(replaced));
  }

  /**
   * Once after a resume: jars that are no longer on this machine are fetched again.
   *
   * @return a line for the user, or an empty one
   */
  String restoreMissing() {
    if (checked || !session.isOpen()) {
      return "";
    }
    checked = true;
    List<Dependency> missing =
        all().stream().filter(each -> !Files.exists(Path.of(each.artifact().path()))).toList();
    if (missing.isEmpty()) {
      return "";
    }
    String names =
        String.join(", ", missing.stream().map(each -> each.artifact().coordinates()).toList());
    if (missing.stream().anyMatch(Dependencies::isFile)) {
      return "these libraries are not on this machine any more: " + names;
    }
    try {
      add(List.of(), "", false);
      return "fetched again: " + names;
    } catch (IOException e) {
      return "these libraries are gone and cannot be fetched again (%s): %s"
          .formatted(e.getMessage(), names);
    }
  }
}
