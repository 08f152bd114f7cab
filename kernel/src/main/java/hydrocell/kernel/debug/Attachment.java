package hydrocell.kernel.debug;

/** Whose JVM is under the debugger, and whether one should be. Thread-safe. */
final class Attachment {
  private boolean wanted;
  private boolean connected;
  private String leaseId = "";

  /** Whether the next cell should run under the debugger. */
  synchronized boolean isWanted() {
    return wanted;
  }

  synchronized void want(boolean debugged) {
    wanted = debugged;
  }

  /** The JVM of this lease is under the debugger. */
  synchronized void attached(String lease) {
    leaseId = lease;
    connected = true;
  }

  /** That JVM is under the debugger no more, and never will be again. */
  synchronized void detached() {
    connected = false;
  }

  /** Whether this lease's JVM is or was under the debugger. */
  synchronized boolean isDebugged(String lease) {
    return lease.equals(leaseId);
  }

  /** Whether a lease is of the kind that the next cell should have. */
  synchronized boolean suits(String lease) {
    return wanted ? isDebugged(lease) && connected : !isDebugged(lease);
  }
}
