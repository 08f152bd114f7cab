package hydrocell.kernel.debug;

import com.sun.jdi.AbsentInformationException;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.request.BreakpointRequest;
import com.sun.jdi.request.EventRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines of cells at which to stop, and the requests for them in an executor's JVM. A cell's
 * classes come and go: each time one is loaded it is looked at. Owned by the debugger's thread.
 */
final class Breakpoints {
  private final CodePlaces places;
  private final CellFrames frames;
  private final Map<String, List<Stop>> stops;

  /**
   * Breakpoints that are not installed yet.
   *
   * @param stops of each cell, by path; read anew each time
   */
  Breakpoints(Map<String, List<Stop>> stops, CodePlaces places, CellFrames frames) {
    this.stops = stops;
    this.places = places;
    this.frames = frames;
  }

  /** Makes the requests anew, in all classes that are loaded. */
  void install(ExecutorMachine machine) {
    machine.machine().eventRequestManager().deleteAllBreakpoints();
    machine.usersTypes().forEach(this::install);
  }

  /** Makes the requests in one class, which has none yet. */
  void install(ReferenceType type) {
    stops.forEach((path, ofPath) -> {
      for (Stop stop : ofPath) {
        int inClass = places.lineIn(type.name(), path, stop.line());
        if (inClass > 0) {
          request(type, locations(type, inClass), stop);
        }
      }
    });
  }

  private static void request(ReferenceType type, List<Location> wanted, Stop stop) {
    for (Location location : wanted) {
      BreakpointRequest request =
          type.virtualMachine().eventRequestManager().createBreakpointRequest(location);
      request.putProperty(Stop.class, stop);
      request.setSuspendPolicy(EventRequest.SUSPEND_EVENT_THREAD);
      request.enable();
    }
  }

  /** Where a class stops at a line; the head of a method is its first line. */
  private List<Location> locations(ReferenceType type, int line) {
    try {
      Map<Method, Location> firstOfMethod = new LinkedHashMap<>();
      for (Location each : type.locationsOfLine(line)) {
        if (frames.isUsers(each)) {
          firstOfMethod.merge(
              each.method(), each, (a, b) -> a.codeIndex() <= b.codeIndex() ? a : b);
        }
      }
      return firstOfMethod.isEmpty()
          ? headOfMethod(type, line)
          : List.copyOf(firstOfMethod.values());
    } catch (AbsentInformationException e) {
      return List.of();
    }
  }

  private List<Location> headOfMethod(ReferenceType type, int line)
      throws AbsentInformationException {
    @Nullable Location next = null;
    for (Location each : type.allLineLocations()) {
      int at = each.lineNumber();
      if (at > line && (next == null || at < next.lineNumber())) {
        next = each;
      }
    }
    if (next == null || !frames.isUsers(next)) {
      return List.of();
    }
    Method method = next.method();
    return next.equals(method.location()) && !places.isStatements(type.name())
        ? List.of(next)
        : List.of();
  }
}
