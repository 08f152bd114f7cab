package hydrocell.executor.corpus;

import java.lang.reflect.Array;
import org.jspecify.annotations.Nullable;

/** How the outcome of a cell is written, the same for both sides. */
final class Outcome {
  /** Nothing is shown. */
  static final String DONE = "done";

  static final String COMPILE_ERROR = "compile error";

  private Outcome() {}

  /** A value, with the elements of arrays. */
  static String value(@Nullable Object value) {
    if (value == null || !value.getClass().isArray()) {
      return value + (value instanceof Character || value instanceof String ? " as text" : "");
    }
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < Array.getLength(value); i++) {
      text.append(i > 0 ? ", " : "").append(value(Array.get(value, i)));
    }
    return text.append("]").toString();
  }

  /** An error of the user's code: its class, without what is generated. */
  static String thrown(String className) {
    return "throws "
        + className.substring(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
  }

  /** An outcome with what the cell printed before. */
  static String printed(String printed, String outcome) {
    return printed.isEmpty() ? outcome : "prints " + printed.replace("\n", "\\n") + " " + outcome;
  }
}
