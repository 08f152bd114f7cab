package hydrocell.kernel.debug;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hydrocell.cell.CellFunction;
import hydrocell.cell.Entry;
import hydrocell.cell.Kind;
import hydrocell.cell.Manifest;
import hydrocell.cell.Symbol;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What running cells and the debugger have to do with each other. The public methods are for the
 * threads that run cells and never wait long; the others are for the debugger's thread.
 */
public final class CellDebugging {
  /** Of the thread that is shown; front ends ask for it also before they have heard of any. */
  static final int SHOWN_THREAD = 1;

  private static final Logger LOG = LoggerFactory.getLogger(CellDebugging.class);
  private static final long CONNECT_LIMIT_MS = 20_000;
  private static final long CELL_LIMIT_MS = 5_000;
  private static final long INTERRUPT_LIMIT_MS = 300;

  private final Executor desk;
  private final CellCodes codes;
  private final CodePlaces places;
  private final Map<String, List<Stop>> stops;
  private final BiConsumer<String, ObjectNode> publish;
  private final Manifests manifests;
  private final Attachment attachment = new Attachment();
  private final Map<String, Symbol> ofCell = new LinkedHashMap<>();
  private volatile @Nullable Listening listening;
  private volatile @Nullable DebugSession session;
  private Set<String> filters = Set.of();
  private boolean types;

  /** Asks the session's manifest. */
  interface Manifests {
    <T> T look(Function<Manifest, T> question);
  }

  CellDebugging(
      Executor desk,
      CellCodes codes,
      CodePlaces places,
      Map<String, List<Stop>> stops,
      BiConsumer<String, ObjectNode> publish,
      Manifests manifests) {
    this.desk = desk;
    this.codes = codes;
    this.places = places;
    this.stops = stops;
    this.publish = publish;
    this.manifests = manifests;
  }

  /** Whether a leased executor is of the kind that the next cell should have. */
  public boolean suits(String leaseId) {
    return attachment.suits(leaseId);
  }

  /** Whether a lease's executor was started under this debugger. */
  public boolean isDebugged(String leaseId) {
    return attachment.isDebugged(leaseId);
  }

  /** Where a fresh executor's JVM is to connect; empty when cells are not to be debugged. */
  public String listen() throws IOException {
    if (!attachment.isWanted()) {
      return "";
    }
    Listening fresh = Listening.open();
    listening = fresh;
    return fresh.address();
  }

  /** No executor came. */
  public void notLeased() {
    Listening open = listening;
    listening = null;
    if (open != null) {
      open.close();
    }
  }

  /** The executor is there that {@link #listen} was called for; takes its JVM over. */
  public void leased(String leaseId) throws IOException {
    Listening open = listening;
    if (open == null) {
      return;
    }
    listening = null;
    DebugSession fresh =
        DebugSession.connect(
            open,
            CONNECT_LIMIT_MS,
            desk,
            new DebugSession.Surroundings(
                places, stops, new Names(), publish, () -> ended(leaseId)));
    attachment.attached(leaseId);
    onDesk(
        () -> {
          session = fresh;
          fresh.showTypes(types);
          fresh.pauseAt(filters);
          fresh.breakpointsChanged();
        },
        CELL_LIMIT_MS);
  }

  private void ended(String leaseId) {
    LOG.debug("the executor of {} is under the debugger no more", leaseId);
    session = null;
    attachment.detached();
  }

  /**
   * A cell is about to run in the leased executor.
   *
   * @param code the whole cell as front ends know it
   * @param cellName such as {@code cell [3]}
   * @param pauses false for what runs unseen
   */
  public void runs(String code, String cellName, CellFunction function, boolean pauses) {
    DebugSession open = session;
    if (open == null) {
      return;
    }
    onDesk(
        () -> {
          ofCell.clear();
          function.defines().forEach(symbol -> ofCell.put(symbol.name().text(), symbol));
          places.runs(codes.add(code), cellName, function);
          if (pauses) {
            open.cellBegins();
          } else {
            open.runOn();
          }
        },
        CELL_LIMIT_MS);
  }

  /** The user interrupts the cell: what is paused goes on, and can be stopped. */
  public void interrupt() {
    DebugSession open = session;
    if (open != null) {
      onDesk(open::runOn, INTERRUPT_LIMIT_MS);
    }
  }

  /** Has the debugger's thread do something, and waits for it a while. */
  private void onDesk(Runnable work, long limitMs) {
    try {
      CompletableFuture.runAsync(work, desk).get(limitMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the debugger is not ready for the cell: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The variables of the session, those of the running cell among them. */
  private final class Names implements SessionNames {
    @Override
    public List<Symbol> variables() {
      Map<String, Symbol> all = new LinkedHashMap<>();
      for (Entry entry : manifests.look(manifest -> List.copyOf(manifest.entries()))) {
        add(all, entry.symbol());
      }
      ofCell.values().forEach(symbol -> add(all, symbol));
      return List.copyOf(all.values());
    }

    private static void add(Map<String, Symbol> all, Symbol symbol) {
      if (symbol.name().kind() == Kind.VARIABLE && !symbol.className().isEmpty()) {
        all.put(symbol.name().text(), symbol);
      }
    }

    @Override
    public List<Entry> others(Set<String> names) {
      List<Entry> others = new ArrayList<>();
      for (Entry entry : manifests.look(manifest -> List.copyOf(manifest.entries()))) {
        if (entry.name().kind() == Kind.VARIABLE && !names.contains(entry.name().text())) {
          others.add(entry);
        }
      }
      return others;
    }
  }

  boolean isPaused() {
    DebugSession open = session;
    return open != null && open.isPaused();
  }

  void showTypes(boolean wanted) {
    types = wanted;
    DebugSession open = session;
    if (open != null) {
      open.showTypes(wanted);
    }
  }

  /** Breakpoints or filters changed; whoever was debugged stays so until the debugger stops. */
  void pauseAt(Set<String> chosen) {
    filters = chosen;
    DebugSession open = session;
    attachment.want(open != null || !stops.isEmpty() || !chosen.isEmpty());
    if (open != null) {
      open.pauseAt(chosen);
      open.breakpointsChanged();
    }
  }

  /** The front end is done: everything goes on, and the next cell runs in an ordinary executor. */
  void stop() {
    attachment.want(false);
    filters = Set.of();
    DebugSession open = session;
    if (open != null) {
      open.close();
      ended("the debugger");
    }
  }

  /** Answers what asks about a paused cell; there is nothing to see when none is paused. */
  ObjectNode look(ObjectNode request) {
    DebugSession open = session;
    if (open != null) {
      return open.answer(request);
    }
    String command = request.path("command").asText();
    return Dap.done(
        request, Dap.list(command.equals("stackTrace") ? "stackFrames" : command, List.of()));
  }

  /** Answers what moves a paused cell on, or pauses one. */
  ObjectNode act(ObjectNode request) {
    DebugSession open = session;
    return open == null
        ? Dap.failed(
            request, "no cell runs under the debugger: set a breakpoint, and the next cell will")
        : open.answer(request);
  }

  /** A variable of a paused cell as text; null when there is none. */
  @Nullable String textOf(String name, int frameId) {
    DebugSession open = session;
    return open == null ? null : open.textOf(name, frameId);
  }
}
