package hydrocell.install;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which machine and process this is. Immutable.
 *
 * @param host the machine's name
 * @param boot id of the machine's present boot; empty where the system has none
 * @param pid the process
 */
public record Machine(String host, String boot, long pid) {
  /** This process on this machine. */
  public static Machine here() {
    String host = firstLine(Path.of("/proc/sys/kernel/hostname"));
    if (host.isEmpty()) {
      try {
        host = InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        host = "unknown";
      }
    }
    return new Machine(
        host, firstLine(Path.of("/proc/sys/kernel/random/boot_id")), ProcessHandle.current().pid());
  }

  /** Whether the other is a process of this machine in its present boot. */
  public boolean sameMachine(Machine other) {
    return boot.isEmpty() || other.boot.isEmpty()
        ? host.equals(other.host)
        : boot.equals(other.boot);
  }

  private static String firstLine(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file).strip() : "";
    } catch (IOException e) {
      return "";
    }
  }
}
