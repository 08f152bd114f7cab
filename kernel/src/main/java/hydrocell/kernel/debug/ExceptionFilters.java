package hydrocell.kernel.debug;

import com.sun.jdi.Location;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.event.ExceptionEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.EventRequestManager;
import com.sun.jdi.request.ExceptionRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * At which exceptions a JVM's cells pause, of {@link PauseFilters}. Owned by the debugger's thread.
 */
final class ExceptionFilters {
  private static final String STOP = "hydrocell.api.CellStop";

  /** Where an exception is caught that leaves a cell: the executor calls cells by reflection. */
  private static final List<String> OUTSIDE = List.of("hydrocell.", "jdk.internal.reflect.");

  private static final List<String> NOT_THROWN_BY =
      List.of("hydrocell.*", "jdk.internal.*", "sun.*", "java.lang.invoke.*");

  private Set<String> chosen = Set.of();

  /** Chooses; unknown filters do nothing. */
  void choose(Set<String> filters) {
    chosen = filters;
  }

  /** Has a JVM tell of exceptions, if any are chosen. */
  void request(VirtualMachine machine) {
    EventRequestManager requests = machine.eventRequestManager();
    requests.deleteEventRequests(List.copyOf(requests.exceptionRequests()));
    if (chosen.isEmpty()) {
      return;
    }
    ExceptionRequest request = requests.createExceptionRequest(null, true, true);
    NOT_THROWN_BY.forEach(request::addClassExclusionFilter);
    request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
    request.enable();
  }

  /** Whether one is chosen. */
  boolean want(ExceptionEvent event) {
    if (event.exception().referenceType().name().equals(STOP)) {
      return false;
    }
    Location caught = event.catchLocation();
    boolean raised = isUsers(event.location()) || isUsers(caught);
    return (chosen.contains(PauseFilters.RAISED) && raised)
        || (chosen.contains(PauseFilters.UNCAUGHT) && (caught == null || isOutside(caught)));
  }

  private static boolean isUsers(@Nullable Location place) {
    return place != null && place.declaringType().name().startsWith("cell.");
  }

  private static boolean isOutside(Location place) {
    String type = place.declaringType().name();
    return OUTSIDE.stream().anyMatch(type::startsWith);
  }
}
