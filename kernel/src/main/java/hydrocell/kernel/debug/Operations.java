package hydrocell.kernel.debug;

import com.sun.jdi.ObjectReference;
import com.sun.jdi.Value;
import hydrocell.kernel.debug.Expression.RefusedException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Java's operators on values of {@link Expression}. Texts are compared by what they say, since a
 * literal of the debugger is no object of the suspended JVM.
 */
final class Operations {
  private Operations() {}

  /** A condition's value. */
  static boolean truth(@Nullable Object value) throws RefusedException {
    if (Readings.plain(value) instanceof Boolean truth) {
      return truth;
    }
    throw new RefusedException("%s is neither true nor false".formatted(text(value)));
  }

  static Object of(String operator, @Nullable Object left, @Nullable Object right)
      throws RefusedException {
    Object a = Readings.plain(left);
    Object b = Readings.plain(right);
    return switch (operator) {
      case "==" -> same(a, b);
      case "!=" -> !same(a, b);
      case "+" ->
          a instanceof String || b instanceof String
              ? text(a) + text(b)
              : arithmetic(operator, a, b);
      case "-", "*", "/", "%" -> arithmetic(operator, a, b);
      default -> compared(operator, a, b);
    };
  }

  /** Numbers by their value, objects by identity, texts by what they say. */
  static boolean same(@Nullable Object a, @Nullable Object b) {
    Object x = number(a);
    Object y = number(b);
    if (x instanceof Number left && y instanceof Number right) {
      return isWhole(left) && isWhole(right)
          ? left.longValue() == right.longValue()
          : left.doubleValue() == right.doubleValue();
    }
    return Objects.equals(a, b);
  }

  /** A character counts as its number. */
  private static @Nullable Object number(@Nullable Object value) {
    return value instanceof Character character ? Integer.valueOf(character) : value;
  }

  private static boolean isWhole(Number number) {
    return !(number instanceof Double) && !(number instanceof Float);
  }

  private static Number numeric(String operator, @Nullable Object value) throws RefusedException {
    if (number(value) instanceof Number number) {
      return number;
    }
    throw new RefusedException("%s is no number, which %s wants".formatted(text(value), operator));
  }

  private static boolean compared(String operator, @Nullable Object left, @Nullable Object right)
      throws RefusedException {
    Number a = numeric(operator, left);
    Number b = numeric(operator, right);
    boolean whole = isWhole(a) && isWhole(b);
    // Not by compare(): nothing is less or more than what is not a number.
    boolean less = whole ? a.longValue() < b.longValue() : a.doubleValue() < b.doubleValue();
    boolean more = whole ? a.longValue() > b.longValue() : a.doubleValue() > b.doubleValue();
    return switch (operator) {
      case "<" -> less;
      case ">" -> more;
      case "<=" -> less || same(a, b);
      default -> more || same(a, b);
    };
  }

  private static Number arithmetic(String operator, @Nullable Object left, @Nullable Object right)
      throws RefusedException {
    Number a = numeric(operator, left);
    Number b = numeric(operator, right);
    if (!isWhole(a) || !isWhole(b)) {
      double result = fraction(operator, a.doubleValue(), b.doubleValue());
      return a instanceof Double || b instanceof Double ? (Number) result : (Number) (float) result;
    }
    long divisor = b.longValue();
    if (divisor == 0 && (operator.equals("/") || operator.equals("%"))) {
      throw new RefusedException("it divides by zero");
    }
    long result = whole(operator, a.longValue(), divisor);
    return a instanceof Long || b instanceof Long ? (Number) result : (Number) (int) result;
  }

  private static double fraction(String operator, double a, double b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      default -> a % b;
    };
  }

  private static long whole(String operator, long a, long b) {
    return switch (operator) {
      case "+" -> a + b;
      case "-" -> a - b;
      case "*" -> a * b;
      case "/" -> a / b;
      default -> a % b;
    };
  }

  /** A value in words. */
  static String text(@Nullable Object value) {
    return value instanceof ObjectReference object
        ? ValueText.of((Value) object)
        : String.valueOf(value);
  }
}
