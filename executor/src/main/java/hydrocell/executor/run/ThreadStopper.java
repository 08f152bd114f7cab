package hydrocell.executor.run;

import com.sun.jna.Function;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Throws an error inside another thread, wherever it is: JVMTI's {@code StopThread}, reached
 * through JNA. It costs nothing while nobody is stopped. A thread inside a native call gets it when
 * it returns. Thread-safe.
 */
final class ThreadStopper {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadStopper.class);
  private static final int JVMTI_VERSION_11 = 0x300B0000;
  private static final int JNI_GET_ENV = 6;
  private static final int STOP_THREAD = 6;
  private static final int ADD_CAPABILITIES = 141;
  private static final int CAPABILITIES_BYTES = 16;
  private static final int CAN_SIGNAL_THREAD_BIT = 10;
  private static final int JVMTI_ERROR_THREAD_NOT_ALIVE = 15;
  private static final Map<String, Object> OBJECTS = Map.of(Library.OPTION_ALLOW_OBJECTS, true);

  private final Pointer environment;
  private final Function stopThread;

  private ThreadStopper(Pointer environment, Function stopThread) {
    this.environment = environment;
    this.stopThread = stopThread;
  }

  /** Null where this JVM has no JVMTI within reach: then cells can only be interrupted. */
  static @Nullable ThreadStopper find() {
    try {
      return open();
    } catch (RuntimeException | LinkageError e) {
      LOG.warn("cells can be interrupted but not stopped: JVMTI is out of reach", e);
      return null;
    }
  }

  private static ThreadStopper open() {
    NativeLibrary jvm = NativeLibrary.getProcess();
    Function machines;
    try {
      machines = jvm.getFunction("JNI_GetCreatedJavaVMs");
    } catch (UnsatisfiedLinkError e) {
      machines = NativeLibrary.getInstance("jvm").getFunction("JNI_GetCreatedJavaVMs");
    }
    PointerByReference machine = new PointerByReference();
    check(
        "JNI_GetCreatedJavaVMs",
        machines.invokeInt(new Object[] {machine, 1, new IntByReference()}));
    PointerByReference environment = new PointerByReference();
    check(
        "GetEnv",
        entry(machine.getValue(), JNI_GET_ENV)
            .invokeInt(new Object[] {machine.getValue(), environment, JVMTI_VERSION_11}));
    Pointer jvmti = environment.getValue();
    try (Memory capabilities = new Memory(CAPABILITIES_BYTES)) {
      capabilities.clear();
      capabilities.setInt(0, 1 << CAN_SIGNAL_THREAD_BIT);
      check(
          "AddCapabilities",
          entry(jvmti, ADD_CAPABILITIES).invokeInt(new Object[] {jvmti, capabilities}));
    }
    return new ThreadStopper(jvmti, entry(jvmti, STOP_THREAD));
  }

  /** A function of an interface: the object starts with a pointer to its table. */
  private static Function entry(Pointer object, int index) {
    Pointer table = object.getPointer(0);
    return Function.getFunction(table.getPointer((long) index * com.sun.jna.Native.POINTER_SIZE));
  }

  private static void check(String call, int error) {
    if (error != 0) {
      throw new IllegalStateException(call + " answered " + error);
    }
  }

  /** Throws the error in the thread; nothing if it has ended. */
  void stop(Thread thread, Throwable error) {
    Object answer =
        stopThread.invoke(int.class, new Object[] {environment, thread, error}, OBJECTS);
    int code = (Integer) answer;
    if (code != 0 && code != JVMTI_ERROR_THREAD_NOT_ALIVE) {
      LOG.warn("StopThread answered {} for {}", code, thread);
    }
  }
}
