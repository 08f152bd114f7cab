package hydrocell.executor;

import hydrocell.cell.Limit;
import hydrocell.cell.message.HostReply;
import hydrocell.cell.message.HostRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One cell executor of the pool, as the host's thread sees it; owned by that thread. */
final class PooledExecutor {
  private static final Logger LOG = LoggerFactory.getLogger(PooledExecutor.class);

  /** Where it stands in its life. It never goes back. */
  enum State {
    /** The process warms itself. */
    STARTING,
    /** Ready for a lease. */
    WARM,
    /** Takes on a session's folder and environment. */
    ADOPTING,
    /** A session's. */
    LEASED,
    /** Asked to end, unless its next cell has come. */
    RETIRING,
    /** Killed or dying. */
    ENDING
  }

  /** How long the first cell of a lease may be on its way. */
  private static final long FIRST_CELL_NS = TimeUnit.SECONDS.toNanos(20);

  final String id;
  final String token;
  final ExecutorShape shape;
  final Child child;

  /** Its temporary folder, which goes with it. */
  final Path scratch;

  /** The folder of its socket, if it has one of its own, which goes with it. */
  final @Nullable Path run;

  State state = State.STARTING;
  String endpoint = "";
  String leaseId = "";
  String sessionId = "";

  /** Whose session it is, where it is not the owner's. */
  private String of = "";

  String owner = "";
  String endReason = "";

  /** The limit that it was ended for, as {@link Limit#spelling()}; empty when there was none. */
  String endLimit = "";

  /** What it may use; null before its lease. */
  @Nullable Limits limits;

  List<String> notices = List.of();
  boolean busy;

  /** Whether a cell has run under this lease; before that its kernel is on its way. */
  boolean used;

  /** What its running cell uses, as far as it is known; null between cells. */
  @Nullable RunningCost running;

  boolean unstorable;
  int threads;
  long idleSinceNs;
  long retiringSinceNs;
  long renewTokenAtMs;

  /** Who waits for the lease, and who for its end. */
  final List<LeaseQueue.Waiting> waiting = new ArrayList<>();

  final List<Consumer<HostReply>> waitingForEnd = new ArrayList<>();

  PooledExecutor(
      String id,
      String token,
      ExecutorShape shape,
      Child child,
      Path scratch,
      @Nullable Path run,
      long nowNs) {
    this.id = id;
    this.token = token;
    this.shape = shape;
    this.child = child;
    this.scratch = scratch;
    this.run = run;
    this.idleSinceNs = nowNs;
  }

  /** Whether an idle lease may end without anything being lost. */
  boolean isDisposable() {
    return !unstorable && threads == 0;
  }

  /** Why its lease should end by now; null when it should not. */
  @Nullable String whyIdle(long nowNs, HostConfig config, boolean memoryShort) {
    long idleNs = nowNs - idleSinceNs;
    if (state != State.LEASED || busy || !(used || idleNs > FIRST_CELL_NS)) {
      return null;
    }
    if (isDisposable() && memoryShort && used) {
      return "idle, and the machine is short of memory";
    }
    if (isDisposable() && idleNs > config.idleLease().toNanos()) {
      return "idle";
    }
    return idleNs > config.longLease().toNanos()
        ? "idle for long; what could not be stored went with it"
        : null;
  }

  /** It is to be the executor of a session. */
  void adopts(LeaseQueue.Waiting first) {
    state = State.ADOPTING;
    leaseId = id + "-" + first.request().id();
    sessionId = first.request().sessionId();
    owner = first.request().owner();
    of = first.request().of();
    limits = first.granted().limits();
    notices = first.granted().notices();
  }

  /** Whether it is leased for the session that a request means, which is that of one person. */
  boolean isOf(HostRequest.Acquire request) {
    return sessionId.equals(request.sessionId()) && of.equals(request.of());
  }

  /** A cell begins, with the figures that it says of itself. */
  void begins(String[] figures, long nowNs) {
    busy = true;
    used = true;
    running = figures.length > 3 ? RunningCost.begin(sessionId, figures, nowNs) : null;
  }

  /** No cell runs any more; {@code figures} say what lives on. */
  void rests(String[] figures, long nowNs) {
    busy = false;
    idleSinceNs = nowNs;
    unstorable = figures.length > 1 && !figures[1].equals("0");
    threads = figures.length > 2 ? Integer.parseInt(figures[2]) : 0;
  }

  /** Whether what it says of its own state can be so. */
  boolean maySay(String word) {
    return switch (word) {
      case "ready" -> state == State.STARTING;
      case "adopted", "cannot" -> state == State.ADOPTING;
      case "stays" -> state == State.RETIRING;
      default -> true;
    };
  }

  /** Whether it may be taken from an idle session for one that waits. */
  boolean givesWay() {
    return state == State.LEASED && used && !busy && isDisposable();
  }

  /** Whether code of its session may be running now. */
  boolean isActive() {
    return state == State.LEASED && (busy || threads > 0);
  }

  /** The answer to who asked for it. */
  HostReply leased(long requestId, boolean fresh, LeaseTokens tokens) {
    return new HostReply.Leased(
        requestId,
        leaseId,
        id,
        endpoint,
        token,
        fresh,
        limits == null ? Map.of() : limits.spelled(),
        notices,
        tokens.mint(sessionId, owner, of));
  }

  /** Gives its session a fresh token for the storage node, in good time. */
  void renewToken(LeaseTokens tokens) {
    if (state != State.LEASED || !tokens.isDue(renewTokenAtMs)) {
      return;
    }
    renewTokenAtMs = tokens.renewAtMs();
    try {
      child.tell(Map.of(ChildProperties.ANNA_TOKEN, tokens.mint(sessionId, owner, of)));
    } catch (IOException e) {
      LOG.info("executor {} took no token: {}", id, e.getMessage());
    }
  }

  /** How its lease ended. */
  HostReply.LeaseEnded leaseEnded(long requestId) {
    return new HostReply.LeaseEnded(requestId, leaseId, endReason, endLimit);
  }

  /** What ended a process, in words for the user. */
  static String endOf(int status) {
    return switch (status) {
      case 137 -> "it was killed (signal 9), by the system for want of memory or by hand";
      case 134, 139 -> "native code in it crashed (signal %d)".formatted(status - 128);
      case 3 -> "it ran out of memory";
      case ChildProperties.BROKEN_STATUS ->
          "it could not go on, for want of memory, threads or files; its log says more";
      default -> "it ended with status " + status;
    };
  }

  HostReply.ProcessStatus status() {
    String shown =
        state == State.LEASED ? busy ? "busy" : "idle" : state.name().toLowerCase(Locale.ROOT);
    return new HostReply.ProcessStatus(
        "executor", id, child.pid(), sessionId, shown, child.residentBytes());
  }
}
