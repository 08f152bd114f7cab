package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.anna.lattice.Stamp;
import hydrocell.cell.Dependency;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.Symbol;
import hydrocell.cell.message.CompileRequest.Library;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.Resolution;
import hydrocell.cell.message.ResolveRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The libraries of this notebook: part of its state, so that they are there again after a resume.
 * All that were asked for are resolved together each time. Only for the shell's thread.
 */
public final class Dependencies {
  private static final String REPOSITORY = "repository:";
  private static final Name MANAGED = new Name(Kind.SETTING, "managed:");
  private static final String LINE = "\n";

  private final Backend backend;
  private final Session session;
  private final CellPipeline pipeline;
  private final StoredJars jars;

  Dependencies(Backend backend, Session session, CellPipeline pipeline, StoredJars jars) {
    this.jars = jars;
    this.backend = backend;
    this.session = session;
    this.pipeline = pipeline;
  }

  /**
   * What is asked for.
   *
   * @param coordinates of libraries, in Maven's order
   * @param excluded what these must not bring along: {@code group:artifact}, a star for any
   * @param boms lists of versions, as coordinates of the type {@code pom}
   * @param repositories to look in from now on
   * @param pom text of a POM; empty for none
   */
  public record Asked(
      List<String> coordinates,
      List<String> excluded,
      List<String> boms,
      List<ResolveRequest.Repository> repositories,
      String pom) {
    static final Asked NOTHING_NEW = new Asked(List.of(), List.of(), List.of(), List.of(), "");
  }

  /**
   * What an addition changed.
   *
   * @param tree who needs what, one line each
   * @param added how many libraries are new
   * @param replaced names of those that are there in another version, or are gone; the executor was
   *     given back for their sake
   * @param notKept jars that are too large to be kept with the notebook
   */
  public record Change(List<String> tree, int added, List<String> replaced, List<String> notKept) {}

  /** The libraries of a manifest, as compiler and executor want them. */
  static List<Library> classPath(Manifest manifest) {
    return Dependency.in(manifest.entries()).stream()
        .map(each -> new Library(each.artifact().path(), each.artifact().sha256(), each.wanted()))
        .toList();
  }

  /** All libraries, in the order of the class path. */
  public List<Dependency> all() {
    return Dependency.in(session.manifest().entries());
  }

  /** Where libraries are looked for besides the places that Maven is configured for. */
  static List<ResolveRequest.Repository> repositories(Manifest manifest) {
    List<ResolveRequest.Repository> found = new ArrayList<>();
    for (Entry entry : manifest.entries()) {
      String text = entry.name().text();
      if (entry.name().kind() == Kind.SETTING && text.startsWith(REPOSITORY)) {
        found.add(
            new ResolveRequest.Repository(
                text.substring(REPOSITORY.length()), entry.symbol().type()));
      }
    }
    return found;
  }

  /** Where this notebook looks besides. */
  public List<ResolveRequest.Repository> repositories() {
    return repositories(session.manifest());
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
   * @param onUnderway is told how far downloads are while they take long, on another thread
   * @throws IOException with words for the user when something cannot be had; nothing changed then
   */
  public Change add(Asked asked, Consumer<Resolution.Underway> onUnderway) throws IOException {
    return add(asked, isOffline(), true, onUnderway);
  }

  /** Who needs what, as this machine knows it; one line each. */
  public List<String> tree() throws IOException {
    return add(Asked.NOTHING_NEW, true, false, underway -> {}).tree();
  }

  private boolean isOffline() {
    return Setting.MAVEN_OFFLINE.isOn(session.manifest());
  }

  private Change add(
      Asked asked, boolean offline, boolean fresh, Consumer<Resolution.Underway> onUnderway)
      throws IOException {
    Resolution.Resolved resolved = resolve(request(asked, offline, fresh), onUnderway);
    Map<Name, List<String>> excluded = byName(resolved.excluded());
    Set<Name> roots = new HashSet<>();
    resolved.wanted().forEach(each -> roots.add(nameOf(each)));
    List<Dependency> now = new ArrayList<>();
    for (Resolution.Artifact artifact : resolved.artifacts()) {
      Name name = Dependency.name(artifact);
      now.add(
          new Dependency(
              artifact, now.size(), roots.contains(name), excluded.getOrDefault(name, List.of())));
    }
    for (Dependency file : all()) {
      if (isFile(file)) {
        now.add(new Dependency(file.artifact(), now.size(), true));
      }
    }
    List<Entry> settings = new ArrayList<>();
    resolved.repositories().forEach(each -> put(settings, repository(each.id(), each.url())));
    put(settings, Symbol.plain(MANAGED, String.join(LINE, resolved.managed())));
    return commit(now, settings, resolved.tree());
  }

  /** All that is wanted by now. */
  private ResolveRequest request(Asked asked, boolean offline, boolean fresh) {
    Map<Name, String> wanted = new LinkedHashMap<>();
    Map<Name, Set<String>> excluded = new LinkedHashMap<>();
    for (Dependency each : all()) {
      if (!isFile(each) && each.wanted()) {
        Name name = Dependency.name(each.artifact());
        wanted.put(name, each.artifact().coordinates());
        excluded.put(name, new LinkedHashSet<>(each.excluded()));
      }
    }
    for (String each : asked.coordinates()) {
      // What is asked for again is asked for anew.
      wanted.put(nameOf(each), each);
      excluded.put(nameOf(each), new LinkedHashSet<>(asked.excluded()));
    }
    List<ResolveRequest.Exclusion> exclusions = new ArrayList<>();
    excluded.forEach((name, all) ->
        all.forEach(one -> exclusions.add(new ResolveRequest.Exclusion(name.text(), one))));
    Set<ResolveRequest.Repository> places = new LinkedHashSet<>(asked.repositories());
    places.addAll(repositories());
    Set<String> managed = new LinkedHashSet<>(asked.boms());
    managed.addAll(managed());
    return new ResolveRequest(
        List.copyOf(wanted.values()),
        List.copyOf(places),
        asked.pom(),
        offline,
        exclusions,
        List.copyOf(managed),
        fresh);
  }

  private static Name nameOf(String coordinates) {
    return Dependency.name(new Resolution.Artifact(coordinates, "", ""));
  }

  private static Map<Name, List<String>> byName(List<ResolveRequest.Exclusion> exclusions) {
    Map<Name, List<String>> byName = new HashMap<>();
    for (ResolveRequest.Exclusion each : exclusions) {
      byName
          .computeIfAbsent(new Name(Kind.DEPENDENCY, each.from()), name -> new ArrayList<>())
          .add(each.excluded());
    }
    return byName;
  }

  /** Adds a setting to those to be committed, unless it stands already. */
  private void put(List<Entry> settings, Symbol symbol) {
    Entry old = session.manifest().get(symbol.name());
    String before = old == null ? "" : old.symbol().type();
    if (!before.equals(symbol.type())) {
      settings.add(entry(symbol));
    }
  }

  /** BOMs and single versions that count for what is asked for without one. */
  public List<String> managed() {
    Entry kept = session.manifest().get(MANAGED);
    return kept == null
        ? List.of()
        : kept.symbol().type().lines().filter(line -> !line.isEmpty()).toList();
  }

  private Resolution.Resolved resolve(
      ResolveRequest request, Consumer<Resolution.Underway> onUnderway) throws IOException {
    HostReply reply;
    try {
      reply = pipeline.await(backend.resolve(request, onUnderway));
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

  /** Whether a library was given by a path. */
  public static boolean isFile(Dependency dependency) {
    return !dependency.artifact().coordinates().contains(":");
  }

  private Change commit(List<Dependency> now, List<Entry> more, List<String> tree)
      throws IOException {
    Map<Name, Dependency> before = new LinkedHashMap<>();
    all().forEach(each -> before.put(Dependency.name(each.artifact()), each));
    Set<String> replaced = new LinkedHashSet<>();
    List<Dependency> changed = new ArrayList<>();
    int added = 0;
    for (Dependency each : now) {
      Dependency old = before.remove(Dependency.name(each.artifact()));
      if (!each.equals(old)) {
        changed.add(each);
      }
      if (old == null) {
        added++;
      } else if (!old.artifact().equals(each.artifact())) {
        replaced.add(each.artifact().coordinates());
      }
    }
    before.keySet().forEach(name -> replaced.add(name.text()));
    List<String> notKept = new ArrayList<>();
    // Nothing else is committed meanwhile: jars are stored under the stamp of this commit.
    synchronized (session) {
      List<Entry> entries = new ArrayList<>(more);
      for (Dependency each : changed) {
        entries.add(kept(each, entries, notKept));
      }
      if (!entries.isEmpty() || !before.isEmpty()) {
        session.commit(entries, List.copyOf(before.keySet()));
      }
    }
    if (!replaced.isEmpty()) {
      pipeline.release();
    }
    return new Change(tree, added, List.copyOf(replaced), notKept);
  }

  /** How the manifest has a library; the bytes of a jar without coordinates are stored with it. */
  private Entry kept(Dependency library, List<Entry> beside, List<String> notKept)
      throws IOException {
    Entry old = session.manifest().get(Dependency.name(library.artifact()));
    String hash = library.artifact().sha256();
    if (old != null && old.valueKey() != null && old.valueHash().equals(hash)) {
      return old.with(library.symbol());
    }
    Path path = Path.of(library.artifact().path());
    if (!isFile(library) || !Files.isRegularFile(path)) {
      return entry(library.symbol());
    }
    long bytes = Files.size(path);
    long all =
        Stream.concat(session.manifest().entries().stream(), beside.stream())
            .filter(each -> each.name().kind() == Kind.DEPENDENCY)
            .mapToLong(Entry::sizeBytes)
            .sum();
    if (bytes > StoredJars.MAX_JAR_BYTES || all + bytes > StoredJars.MAX_ALL_BYTES) {
      notKept.add(library.artifact().path());
      return entry(library.symbol());
    }
    Stamp stamp = session.nextStamp();
    Key key = session.keys().value(stamp, beside.size());
    try {
      jars.store(library, key);
    } catch (IOException | AnnaException e) {
      session.abandon(stamp);
      throw e;
    }
    return entry(library.symbol()).withValue(key.text(), hash, bytes);
  }

  /** Puts all libraries in their order, some of them under another path. */
  void replace(List<Dependency> now) throws IOException {
    commit(now, List.of(), List.of());
  }

  /** Fetches what is not on this machine any more, in the versions that it had. */
  void fetchAgain() throws IOException {
    add(Asked.NOTHING_NEW, isOffline(), false, underway -> {});
  }
}
