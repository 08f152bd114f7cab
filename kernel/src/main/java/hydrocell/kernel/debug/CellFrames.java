package hydrocell.kernel.debug;

import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.Location;
import com.sun.jdi.Method;
import com.sun.jdi.StackFrame;
import com.sun.jdi.ThreadGroupReference;
import com.sun.jdi.ThreadReference;
import hydrocell.cell.CellFunction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which frames of a stack are code that the user wrote. */
final class CellFrames {
  private static final String GROUP = "cells";

  private final CodePlaces places;

  CellFrames(CodePlaces places) {
    this.places = places;
  }

  /** The frames of a suspended thread that the user wrote, the innermost first. */
  List<StackFrame> of(ThreadReference thread) throws IncompatibleThreadStateException {
    List<StackFrame> shown = new ArrayList<>();
    for (StackFrame frame : thread.frames()) {
      if (isUsers(frame.location())) {
        shown.add(frame);
      }
    }
    return shown;
  }

  /** Whether the user wrote what stands there: nothing generated around it. */
  boolean isUsers(Location location) {
    String type = location.declaringType().name();
    if (!type.startsWith("cell.") || location.lineNumber() <= 0) {
      return false;
    }
    Method method = location.method();
    if (places.isStatements(type)) {
      // The statements of a cell without a result are a method of their own, called by this one.
      return !method.name().equals(CellFunction.RUN)
          || location.declaringType().methodsByName(CellFunction.BODY).isEmpty();
    }
    boolean outermost = CodePlaces.outerOf(type).equals(type);
    boolean initialises = method.isConstructor() || method.isStaticInitializer();
    return !(outermost && initialises) && !method.isBridge();
  }

  /** Whether threads of this group belong to cells. */
  boolean isCells(ThreadGroupReference group) {
    for (@Nullable ThreadGroupReference each = group; each != null; each = each.parent()) {
      if (each.name().equals(GROUP)) {
        return true;
      }
    }
    return false;
  }
}
