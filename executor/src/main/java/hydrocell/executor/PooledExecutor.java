package hydrocell.executor;

import hydrocell.cell.message.HostReply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** One cell executor of the pool, as the host's thread sees it; owned by that thread. */
final class PooledExecutor {
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

  final String id;
  final String token;
  final Child child;

  /** Where the debugger listened that its JVM is connected to; empty without one. */
  final String debugAddress;

  State state = State.STARTING;
  String endpoint = "";
  String leaseId = "";
  String sessionId = "";
  String owner = "";
  String endReason = "";
  boolean busy;

  /** Whether a cell has run under this lease; before that its kernel is on its way. */
  boolean used;

  boolean unstorable;
  int threads;
  long idleSinceNs;
  long retiringSinceNs;

  /** Who waits for the lease, and who for its end. */
  final List<Consumer<HostReply>> waiting = new ArrayList<>();

  final List<Consumer<HostReply>> waitingForEnd = new ArrayList<>();

  PooledExecutor(String id, String token, Child child, String debugAddress, long nowNs) {
    this.id = id;
    this.token = token;
    this.child = child;
    this.debugAddress = debugAddress;
    this.idleSinceNs = nowNs;
  }

  /** Whether whoever comes next can have it, now or when it is ready. */
  boolean isForAnybody() {
    return debugAddress.isEmpty() && (state == State.WARM || state == State.STARTING);
  }

  /** Whether an idle lease may end without anything being lost. */
  boolean isDisposable() {
    return !unstorable && threads == 0;
  }

  /** Whether it may be taken from an idle session for one that waits. */
  boolean givesWay() {
    return state == State.LEASED && used && !busy && isDisposable();
  }

  /** What ended a process, in words for the user. */
  static String endOf(int status) {
    return switch (status) {
      case 137 -> "it was killed (signal 9), by the system for want of memory or by hand";
      case 134, 139 -> "native code in it crashed (signal %d)".formatted(status - 128);
      case 3 -> "it ran out of memory";
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
