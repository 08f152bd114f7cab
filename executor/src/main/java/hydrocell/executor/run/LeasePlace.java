package hydrocell.executor.run;

import com.sun.jna.NativeLibrary;
import hydrocell.cell.Limit;
import hydrocell.executor.ChildProperties;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Takes on the working directory and the environment of a lease in a process that was started
 * before anybody knew them. The JDK reads both once, so what it remembers is replaced, and the
 * system is told as well, for native code and child processes. Where that does not work the host
 * starts a process in the right place instead.
 */
final class LeasePlace {
  /** Prefix of a property that holds a variable of the environment. */
  static final String VARIABLE = "env.";

  private LeasePlace() {}

  /**
   * Takes what the host says until it is gone, or until the executor retires, then ends the
   * process.
   */
  static void follow(ChildProperties told, HostLine host, CellExecutor executor)
      throws InterruptedException {
    for (Map<String, String> lease = told.next(); lease != null; lease = told.next()) {
      if (lease.containsKey(ChildProperties.RETIRE)) {
        if (executor.retire()) {
          break;
        }
        host.say("stays");
        continue;
      }
      String token = lease.get(ChildProperties.ANNA_TOKEN);
      if (token != null) {
        executor.renew(HexFormat.of().parseHex(token));
        continue;
      }
      host.say(adopt(lease, executor));
    }
    // With a host, that sees to it.
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    ChildProperties.exit();
  }

  /** What it may use holds wherever it is, and whatever else cannot be had. */
  private static String adopt(Map<String, String> lease, CellExecutor executor) {
    executor.limits().learn(lease);
    String problem =
        problem(() -> setEnvironment(lease))
            + problem(() -> limit(lease))
            + problem(() -> enter(lease));
    return problem.isEmpty() ? "adopted" : "cannot adopt" + problem;
  }

  private interface Step {
    void take() throws ReflectiveOperationException, IOException;
  }

  private static String problem(Step step) {
    try {
      step.take();
      return "";
    } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
      return " " + e;
    }
  }

  private static void limit(Map<String, String> lease) throws IOException {
    String files = lease.get(Limit.FILES.spelling());
    if (files != null) {
      OwnProcess.limitFiles(Long.parseLong(files));
    }
    String processes = lease.get(ChildProperties.PROCESSES);
    if (processes != null) {
      OwnProcess.limitProcesses(Long.parseLong(processes));
    }
    String processors = lease.get(Limit.CPU.spelling());
    if (processors != null) {
      OwnProcess.limitProcessors(Integer.parseInt(processors));
    }
  }

  private static void setEnvironment(Map<String, String> lease)
      throws ReflectiveOperationException {
    Map<String, String> environment = new LinkedHashMap<>();
    lease.forEach((key, value) -> {
      if (key.startsWith(VARIABLE)) {
        environment.put(key.substring(VARIABLE.length()), ChildProperties.unescape(value));
      }
    });
    setEnvironment(NativeLibrary.getProcess(), environment);
  }

  private static void enter(Map<String, String> lease)
      throws ReflectiveOperationException, IOException {
    String told = ChildProperties.unescape(lease.getOrDefault("workingDirectory", ""));
    if (told.isEmpty()) {
      return;
    }
    Path directory = Path.of(told).toRealPath();
    NativeLibrary system = NativeLibrary.getProcess();
    if (!Files.isDirectory(directory)) {
      throw new IOException(directory + " is no folder");
    }
    if (system.getFunction("chdir").invokeInt(new Object[] {directory.toString()}) != 0) {
      throw new IOException("cannot enter " + directory);
    }
    System.setProperty("user.dir", directory.toString());
    Field defaultDirectory =
        FileSystems.getDefault().getClass().getSuperclass().getDeclaredField("defaultDirectory");
    defaultDirectory.setAccessible(true);
    defaultDirectory.set(
        FileSystems.getDefault(), directory.toString().getBytes(StandardCharsets.UTF_8));
    Field fileSystem = java.io.File.class.getDeclaredField("FS");
    fileSystem.setAccessible(true);
    Object files = fileSystem.get(null);
    Field userDirectory = files.getClass().getDeclaredField("userDir");
    userDirectory.setAccessible(true);
    userDirectory.set(files, directory.toString());
  }

  private static void setEnvironment(NativeLibrary system, Map<String, String> environment)
      throws ReflectiveOperationException {
    Class<?> process = Class.forName("java.lang.ProcessEnvironment");
    Field remembered = process.getDeclaredField("theEnvironment");
    remembered.setAccessible(true);
    @SuppressWarnings("unchecked")
    Map<Object, Object> now = (Map<Object, Object>) remembered.get(null);
    Map<Object, Object> fresh = new LinkedHashMap<>();
    for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
      fresh.put(
          external(process, "Variable", variable.getKey()),
          external(process, "Value", variable.getValue()));
    }
    for (String gone : Set.copyOf(System.getenv().keySet())) {
      if (!environment.containsKey(gone)) {
        system.getFunction("unsetenv").invokeInt(new Object[] {gone});
      }
    }
    environment.forEach(
        (name, value) -> system.getFunction("setenv").invokeInt(new Object[] {name, value, 1}));
    now.clear();
    now.putAll(fresh);
  }

  private static Object external(Class<?> process, String kind, String text)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName(process.getName() + "$" + kind);
    var valueOf = type.getDeclaredMethod("valueOf", String.class);
    valueOf.setAccessible(true);
    return valueOf.invoke(null, text);
  }
}
