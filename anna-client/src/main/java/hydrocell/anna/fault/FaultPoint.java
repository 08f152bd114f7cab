package hydrocell.anna.fault;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A place at which a test stops a process, to kill it or another one right there. Does nothing
 * unless the environment variable {@value #VARIABLE} names a folder. There, the first process that
 * reaches an armed point renames {@code POINT.armed} to {@code POINT.reached} and waits until
 * {@code POINT.go} exists. Thread-safe.
 */
public enum FaultPoint {
  /** The kernel has a cell and has not sent it to the compile service. */
  KERNEL_BEFORE_COMPILE,
  /** The compile service has a request. */
  COMPILER_BEFORE_COMPILE,
  /** The compile service has the function and has not answered. */
  COMPILER_AFTER_COMPILE,
  /** The kernel has the function and has not sent it to an executor. */
  KERNEL_BEFORE_EXECUTE,
  /** The executor has the function and none of the values that it lacks. */
  EXECUTOR_BEFORE_FETCH,
  /** The executor has the values, and the user's code has not begun. */
  EXECUTOR_BEFORE_RUN,
  /** The user's code is through. */
  EXECUTOR_AFTER_RUN,
  /** Everything that changed is known, and nothing of it sent. */
  EXECUTOR_BEFORE_VALUES,
  /** All values are acknowledged, and the manifest is as it was. */
  EXECUTOR_BEFORE_MERGE,
  /** The manifest has the commit, and nobody was told. */
  EXECUTOR_AFTER_MERGE,
  /** The node has a write in memory and not in its log. */
  NODE_BEFORE_LOG,
  /** The node has a write in its log and has not acknowledged it. */
  NODE_BEFORE_ACKNOWLEDGEMENT,
  /** The kernel has the outcome and has not replied. */
  KERNEL_BEFORE_REPLY,
  /** The kernel has replied. */
  KERNEL_AFTER_REPLY,
  /** The executor looks at values that its cell may have changed, perhaps after the reply. */
  EXECUTOR_IN_LATE_CHECK,
  /** A cell has committed to names that are shared, and nothing of it lies with these. */
  KERNEL_BEFORE_SHARED_VALUE,
  /** Its values lie with the shared names, and no version names them. */
  KERNEL_BEFORE_PUBLICATION,
  /** Its versions are there, and the kernel has done nothing since. */
  KERNEL_AFTER_PUBLICATION;

  /** Names the folder. */
  public static final String VARIABLE = "HYDROCELL_FAULT_POINTS";

  private static final @Nullable Path FOLDER = folder();

  private static @Nullable Path folder() {
    String name = System.getenv(VARIABLE);
    return name == null || name.isEmpty() ? null : Path.of(name);
  }

  /** This place was reached. */
  public void reached() {
    if (FOLDER != null) {
      stop(FOLDER);
    }
  }

  private void stop(Path folder) {
    try {
      Files.move(folder.resolve(this + ".armed"), folder.resolve(this + ".reached"));
    } catch (IOException e) {
      // Not armed, or another process took it.
      return;
    }
    while (!Files.exists(folder.resolve(this + ".go"))) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(2));
    }
  }
}
