package hydrocell.kernel.debug;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.ExceptionEvent;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import com.sun.jdi.request.StepRequest;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The JVM of a cell executor under the debugger. Only threads that come to a breakpoint are
 * suspended, never the executor's own. Owned by the debugger's thread, to which a thread that reads
 * JDI's events hands each of them.
 */
final class ExecutorMachine implements AutoCloseable {
  /** Classes of cells; everything else is stepped over. */
  private static final String USERS = "cell.*";

  private static final Logger LOG = LoggerFactory.getLogger(ExecutorMachine.class);

  private final VirtualMachine machine;
  private final Executor desk;
  private final Listener listener;
  private final CellFrames frames;
  private final ExceptionFilters exceptions;
  private boolean closed;

  /** Who is told what happens; on the debugger's thread. */
  interface Listener {
    /** A class of a cell was loaded and runs on when this returns. */
    void prepared(ReferenceType type);

    /**
     * Whether a thread that came to a line stops there: what is said of it; null when it goes on.
     */
    @Nullable String stops(ThreadReference thread, Stop stop);

    /** A thread is suspended. */
    void paused(Pause pause);

    /** The JVM is gone. */
    void gone();
  }

  /**
   * A suspended thread.
   *
   * @param reason as the protocol spells it: breakpoint, step, exception, pause
   * @param text what the user reads beside it; may be empty
   * @param events what suspended it; null when it was told to pause
   */
  record Pause(ThreadReference thread, String reason, String text, @Nullable EventSet events) {
    void resume() {
      if (events == null) {
        thread.resume();
      } else {
        events.resume();
      }
    }
  }

  ExecutorMachine(
      VirtualMachine machine,
      Executor desk,
      CellFrames frames,
      ExceptionFilters exceptions,
      Listener listener) {
    this.machine = machine;
    this.desk = desk;
    this.frames = frames;
    this.exceptions = exceptions;
    this.listener = listener;
    ClassPrepareRequest prepares = machine.eventRequestManager().createClassPrepareRequest();
    prepares.addClassFilter(USERS);
    prepares.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    prepares.enable();
    Thread.ofPlatform().daemon().name("debug-events").start(this::listen);
  }

  private void listen() {
    try {
      while (true) {
        EventSet events = machine.eventQueue().remove();
        desk.execute(() -> take(events));
      }
    } catch (VMDisconnectedException e) {
      tellEnd();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellEnd() {
    try {
      desk.execute(this::end);
    } catch (RejectedExecutionException e) {
      LOG.debug("the debugger ended before the executor's JVM");
    }
  }

  private void take(EventSet events) {
    if (closed) {
      return;
    }
    try {
      Pause pause = null;
      for (Event event : events) {
        Pause asked = pauseOf(event, events);
        pause = asked == null || pause != null ? pause : asked;
      }
      if (pause == null) {
        events.resume();
      } else {
        forgetSteps(pause.thread());
        listener.paused(pause);
      }
    } catch (VMDisconnectedException e) {
      end();
    } catch (RuntimeException e) {
      LOG.error("the debugger failed where a cell stopped, and the cell goes on", e);
      resume(events);
    }
  }

  private void resume(EventSet events) {
    try {
      events.resume();
    } catch (VMDisconnectedException e) {
      end();
    }
  }

  private @Nullable Pause pauseOf(Event event, EventSet events) {
    if (event instanceof ClassPrepareEvent prepared) {
      listener.prepared(prepared.referenceType());
    } else if (event instanceof BreakpointEvent hit) {
      Stop stop = hit.request().getProperty(Stop.class) instanceof Stop of ? of : null;
      String said = stop == null ? "" : listener.stops(hit.thread(), stop);
      return said == null ? null : new Pause(hit.thread(), "breakpoint", said, events);
    } else if (event instanceof StepEvent step && frames.isUsers(step.location())) {
      return new Pause(step.thread(), "step", "", events);
    } else if (event instanceof ExceptionEvent thrown && isWanted(thrown)) {
      String type = CellNames.type(thrown.exception().referenceType().name());
      return new Pause(thrown.thread(), "exception", type, events);
    }
    return null;
  }

  private boolean isWanted(ExceptionEvent thrown) {
    try {
      return exceptions.want(thrown) && !frames.of(thrown.thread()).isEmpty();
    } catch (IncompatibleThreadStateException e) {
      return false;
    }
  }

  private void end() {
    if (!closed) {
      closed = true;
      listener.gone();
    }
  }

  VirtualMachine machine() {
    return machine;
  }

  /** The classes of cells that are loaded. */
  List<ReferenceType> usersTypes() {
    return machine.allClasses().stream()
        .filter(type -> type.name().startsWith("cell.") && type.isPrepared())
        .toList();
  }

  /** Lets a suspended thread do one step once it goes on; {@code depth} is a StepRequest's. */
  void step(ThreadReference thread, int depth) {
    forgetSteps(thread);
    StepRequest step =
        machine.eventRequestManager().createStepRequest(thread, StepRequest.STEP_LINE, depth);
    step.addClassFilter(USERS);
    step.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    step.enable();
  }

  /** Has the JVM tell of nothing any more but of its classes. */
  void forgetRequests() {
    EventRequestManager requests = machine.eventRequestManager();
    requests.deleteAllBreakpoints();
    requests.deleteEventRequests(List.copyOf(requests.stepRequests()));
    requests.deleteEventRequests(List.copyOf(requests.exceptionRequests()));
  }

  private void forgetSteps(ThreadReference thread) {
    List<StepRequest> over =
        machine.eventRequestManager().stepRequests().stream()
            .filter(step -> step.thread().equals(thread) || isDead(step.thread()))
            .toList();
    machine.eventRequestManager().deleteEventRequests(over);
  }

  private static boolean isDead(ThreadReference thread) {
    return thread.status() == ThreadReference.THREAD_STATUS_ZOMBIE;
  }

  /** Suspends a thread that runs a cell's code; null when none does. */
  @Nullable Pause pause() throws IncompatibleThreadStateException {
    for (ThreadReference thread : machine.allThreads()) {
      boolean ofCell = thread.threadGroup() != null && frames.isCells(thread.threadGroup());
      if (ofCell && !isDead(thread)) {
        thread.suspend();
        List<StackFrame> shown = frames.of(thread);
        if (!shown.isEmpty()) {
          return new Pause(thread, "pause", "", null);
        }
        thread.resume();
      }
    }
    return null;
  }

  /** Gives the JVM up: every thread goes on, and no debugger can come any more. */
  @Override
  public void close() {
    closed = true;
    try {
      machine.dispose();
    } catch (VMDisconnectedException e) {
      LOG.debug("the executor's JVM has gone by itself");
    }
  }
}
