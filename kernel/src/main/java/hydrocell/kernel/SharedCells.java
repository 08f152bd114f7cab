package hydrocell.kernel;

import hydrocell.anna.AnnaException;
import hydrocell.anna.Key;
import hydrocell.cell.Commit;
import hydrocell.cell.Manifest;
import hydrocell.cell.Name;
import hydrocell.cell.SharedName;
import hydrocell.cell.SharedUse;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import hydrocell.kernel.protocol.JupyterMessage;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sharing names with other notebooks means to a cell: before it, what others wrote is taken
 * over, and after it, what it wrote is shared. Costs a look into the manifest where nothing is
 * shared. For the thread that runs cells.
 */
final class SharedCells {
  private static final Logger LOG = LoggerFactory.getLogger(SharedCells.class);
  private static final int MOST_LINES = 20;

  private final Backend backend;
  private final Session session;
  private final Outputs outputs;
  private final Deque<String> untold = new ArrayDeque<>();
  private final Set<Name> unnoted = new LinkedHashSet<>();
  private final Followers followers = new Followers();
  private volatile BooleanSupplier changed = () -> false;
  private @Nullable SharedNames names;
  private @Nullable SharedWatch watch;

  SharedCells(Backend backend, Session session, Outputs outputs) {
    this.backend = backend;
    this.session = session;
    this.outputs = outputs;
  }

  /** Who is told, on any thread, that others changed what is followed; whether that was taken. */
  void onChanged(BooleanSupplier told) {
    changed = told;
  }

  /** The shared variables. */
  SharedNames names() {
    SharedNames made = names;
    if (made == null) {
      made = new SharedNames(backend, session, InstantSource.system());
      names = made;
    }
    return made;
  }

  private boolean isShared() {
    // What a notebook uses is its owner's to take over and to publish.
    return !session.isTheirs() && SharedUse.isUsedIn(session.manifest());
  }

  /**
   * Takes over what others wrote, and tells of it; as a run of theirs, or null when nothing came.
   */
  @Nullable CellRun takeOver(JupyterMessage request) throws IOException {
    takeOver();
    untold.forEach(line -> outputs.note(request, line));
    untold.clear();
    CellRun run = unnoted.isEmpty() ? null : CellRun.ofOthers(unnoted);
    unnoted.clear();
    return run;
  }

  private SharedNames.News takeOver() throws IOException {
    if (!isShared()) {
      watch(Map.of());
      return SharedNames.News.NONE;
    }
    tidy();
    SharedNames.News news = names().takeOver();
    news.lines().forEach(this::tellLater);
    unnoted.addAll(news.changed());
    watch(names().followed());
    return news;
  }

  /** Tells something with the next cell. */
  void tellLater(String line) {
    if (!line.isEmpty()) {
      untold.add(line);
    }
    while (untold.size() > MOST_LINES) {
      untold.remove();
    }
  }

  private void watch(Map<Key, Long> followed) {
    SharedWatch present = watch;
    if (present == null && !followed.isEmpty()) {
      present = new SharedWatch(backend, changed);
      watch = present;
    }
    if (present != null) {
      present.watch(followed);
    }
  }

  /** Says whether the readers of a name run again when others have changed it. */
  SharedName follow(Name name, boolean follow) throws IOException, NotUsableException {
    SharedName shared = names().follow(name, follow);
    watch(names().followed());
    return shared;
  }

  /** Between cells: takes over what others wrote; of that, what is followed. */
  SharedNames.News followed() throws IOException {
    if (!session.isOpen()) {
      return SharedNames.News.NONE;
    }
    tellLater(session.refresh());
    SharedNames.News news = takeOver();
    Map<Name, SharedUse> uses = names().uses();
    Set<Name> followed = new LinkedHashSet<>(news.changed());
    followed.removeIf(name -> uses.get(name) == null || !uses.get(name).followed());
    return new SharedNames.News(news.lines(), followed, news.steps());
  }

  /** What is followed could not be taken over: it is tried again. */
  void lookAgain() {
    SharedWatch present = watch;
    if (present != null) {
      present.again();
    }
  }

  /** The cells that may run again by themselves. */
  Followers followers() {
    return followers;
  }

  /** Remembers which cell ran what, where something is shared. */
  void remember(JupyterMessage request, List<CellRun> runs) {
    if (isShared()) {
      followers.remember(request, runs);
    }
  }

  /**
   * Removes what a kernel that is gone had for a while; its cell may still have ended after it.
   * Another one that is here may be making one of several versions now.
   */
  private void tidy() throws IOException {
    Manifest manifest = session.manifest();
    if (SharedConflicts.leftBehind(manifest, Set.of()).isEmpty()) {
      return;
    }
    List<String> here = backend.host(HostReply.HostStatus.class, HostRequest.Status::new).writers();
    List<Name> left = SharedConflicts.leftBehind(manifest, Set.copyOf(here));
    if (!left.isEmpty()) {
      session.takeOver(List.of(), left);
    }
  }

  /**
   * Something was saved after its cell's reply: it is shared in turn with the cells. Any thread.
   */
  void savedLate() {
    boolean told =
        !session.isOpen() || !session.look(SharedUse::isUsedIn) || changed.getAsBoolean();
    if (!told) {
      LOG.debug("too much waits to be done: the next cell shares what was saved");
    }
  }

  /** Shares what a cell had committed and was saved later. */
  void publishSaved() throws IOException {
    if (isShared()) {
      names().publish().forEach(this::tellLater);
    }
  }

  /** Shares what a cell committed, before its reply; what fails is tried again by the next cell. */
  void publish(CellRequest cell, @Nullable Commit commit) {
    if (commit == null || !isShared()) {
      return;
    }
    try {
      names().publish().forEach(line -> outputs.note(cell.message(), line));
    } catch (IOException | AnnaException e) {
      outputs.note(
          cell.message(),
          "what this cell changed is saved, and shared by the next cell: " + e.getMessage());
    }
  }
}
