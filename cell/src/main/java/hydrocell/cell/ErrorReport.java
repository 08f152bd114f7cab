package hydrocell.cell;

import java.util.List;

/**
 * An error as the notebook shows it. Immutable.
 *
 * @param name class of the error, such as {@code java.lang.ArithmeticException}
 * @param message its message; may be empty
 * @param traceback lines with ANSI colours: the cell's own lines named as {@code cell [3], line 2},
 *     internal frames left out, causes kept
 */
public record ErrorReport(String name, String message, List<String> traceback) {}
