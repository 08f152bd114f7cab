package hydrocell.executor;

import java.util.ArrayList;
import java.util.List;

/**
 * What cannot be changed once an executor runs. Warm executors have the machine's usual shape; a
 * notebook that asks for another waits for one that is started for it. Immutable.
 *
 * @param heapBytes largest heap
 * @param nativeBytes largest sum of direct buffers
 * @param debugAddress where the debugger listens that its JVM connects to; empty without one
 * @param notebook the folder that a sandbox shows; empty for none, or without a sandbox
 */
record ExecutorShape(long heapBytes, long nativeBytes, String debugAddress, String notebook) {
  boolean isDebugged() {
    return !debugAddress.isEmpty();
  }

  /**
   * The command with this shape's flags. A JVM connects to its debugger, and never listens: nobody
   * else can become its debugger. A start-up cache is of no use with a debugger, and bears all else
   * that is said here.
   */
  List<String> command(List<String> command, List<String> more) {
    List<String> shaped = new ArrayList<>(command);
    shaped.addAll(1, more);
    shaped.addAll(
        1, List.of("-Xmx" + (heapBytes >> 10) + "k", "-XX:MaxDirectMemorySize=" + nativeBytes));
    if (isDebugged()) {
      shaped.addAll(
          1,
          List.of(
              "-agentlib:jdwp=transport=dt_socket,server=n,suspend=n,address=" + debugAddress,
              "-XX:AOTMode=off"));
    }
    return shaped;
  }
}
