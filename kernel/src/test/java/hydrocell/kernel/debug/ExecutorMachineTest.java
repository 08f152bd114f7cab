package hydrocell.kernel.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jdi.ReferenceType;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.EventQueue;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.request.ClassPrepareRequest;
import com.sun.jdi.request.EventRequestManager;
import hydrocell.cell.Manifest;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What happens in the debugger itself; debugged JVMs are in the integration tests. */
class ExecutorMachineTest {
  /** Does what it is given for some methods, and nothing for the others. */
  private static <T> T some(Class<T> type, Map<String, Supplier<?>> methods) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              Supplier<?> does = methods.get(method.getName());
              return does == null ? null : does.get();
            }));
  }

  private static EventSet next(Queue<EventSet> queue) {
    EventSet next = queue.poll();
    if (next == null) {
      throw new VMDisconnectedException();
    }
    return next;
  }

  /** A cell's class cannot be looked at. */
  private record Failing(CountDownLatch ended) implements ExecutorMachine.Listener {
    @Override
    public void prepared(ReferenceType type) {
      throw new IllegalStateException("not as expected");
    }

    @Override
    public @Nullable String stops(ThreadReference thread, Stop stop) {
      return null;
    }

    @Override
    public void paused(ExecutorMachine.Pause pause) {}

    @Override
    public void gone() {
      ended.countDown();
    }
  }

  private static final class NoHistory implements CodePlaces.History {
    @Override
    public Manifest manifest() {
      return new Manifest();
    }

    @Override
    public List<String> codes() {
      return List.of();
    }
  }

  @Test
  void aCellGoesOnWhereTheDebuggerFails() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    CountDownLatch resumed = new CountDownLatch(1);
    ClassPrepareEvent event = some(ClassPrepareEvent.class, Map.of());
    EventSet events =
        some(
            EventSet.class,
            Map.of(
                "iterator",
                () -> List.of(event).iterator(),
                "resume",
                () -> {
                  resumed.countDown();
                  return null;
                }));
    Queue<EventSet> queue = new ArrayDeque<>(List.of(events));
    ClassPrepareRequest request = some(ClassPrepareRequest.class, Map.of());
    EventRequestManager requests =
        some(EventRequestManager.class, Map.of("createClassPrepareRequest", () -> request));
    EventQueue told = some(EventQueue.class, Map.of("remove", () -> next(queue)));
    VirtualMachine machine =
        some(
            VirtualMachine.class,
            Map.of("eventRequestManager", () -> requests, "eventQueue", () -> told));
    CodePlaces places = new CodePlaces(new CellCodes(), new NoHistory());
    new ExecutorMachine(
        machine, Runnable::run, new CellFrames(places), new ExceptionFilters(), new Failing(ended));
    assertTrue(ended.await(60, TimeUnit.SECONDS), "it does not hear of the end");
    assertEquals(0, resumed.getCount(), "the cell stays suspended");
  }
}
