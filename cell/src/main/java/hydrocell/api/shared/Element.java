package hydrocell.api.shared;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Elements of shared lattices as text: a letter for the type, and the value as its type writes it.
 * No class of a user's is ever in it, so that it can be read by everybody. A list is {@code [} and,
 * for each element, its length in chars, a colon and the element.
 */
final class Element {
  private static final int MAX_CHARS = 100_000;

  private Element() {}

  /** Writes an element. Throws IllegalArgumentException for what cannot be one. */
  static String write(Object element) {
    String text =
        switch (element) {
          case null -> throw new IllegalArgumentException("null cannot be shared");
          case String s -> "s" + s;
          case Integer i -> "i" + i;
          case Long l -> "l" + l;
          case Double d -> "d" + d;
          case Float f -> "f" + f;
          case Short s -> "h" + s;
          case Byte b -> "b" + b;
          case Boolean b -> "z" + b;
          case Character c -> "c" + c;
          case BigInteger b -> "I" + b;
          case BigDecimal b -> "D" + b;
          case UUID u -> "U" + u;
          case Instant t -> "T" + t;
          case Duration t -> "P" + t;
          case LocalDate t -> "y" + t;
          case LocalTime t -> "t" + t;
          case LocalDateTime t -> "Y" + t;
          case List<?> list -> writeList(list);
          default ->
              throw new IllegalArgumentException(
                  "a %s cannot be shared in a lattice: texts, numbers, booleans, dates and times, UUIDs and lists of them can"
                      .formatted(element.getClass().getTypeName()));
        };
    if (text.length() > MAX_CHARS) {
      throw new IllegalArgumentException(
          "an element of %d chars: at most %d".formatted(text.length(), MAX_CHARS));
    }
    return text;
  }

  private static String writeList(List<?> list) {
    StringBuilder text = new StringBuilder("[");
    for (Object each : list) {
      String element = write(each);
      text.append(element.length()).append(':').append(element);
    }
    return text.toString();
  }

  /** Reads what {@link #write} wrote; it is the caller's word that it is a {@code T}. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  static <T> T read(String text) {
    return (T) value(text);
  }

  private static Object value(String text) {
    String rest = text.substring(1);
    return switch (text.charAt(0)) {
      case 's' -> rest;
      case 'i' -> Integer.valueOf(rest);
      case 'l' -> Long.valueOf(rest);
      case 'd' -> Double.valueOf(rest);
      case 'f' -> Float.valueOf(rest);
      case 'h' -> Short.valueOf(rest);
      case 'b' -> Byte.valueOf(rest);
      case 'z' -> Boolean.valueOf(rest);
      case 'c' -> rest.charAt(0);
      case 'I' -> new BigInteger(rest);
      case 'D' -> new BigDecimal(rest);
      case 'U' -> UUID.fromString(rest);
      case 'T' -> Instant.parse(rest);
      case 'P' -> Duration.parse(rest);
      case 'y' -> LocalDate.parse(rest);
      case 't' -> LocalTime.parse(rest);
      case 'Y' -> LocalDateTime.parse(rest);
      case '[' -> readList(rest);
      default ->
          throw new IllegalStateException(
              "this element was written by a newer Hydrocell: " + text.charAt(0));
    };
  }

  private static List<Object> readList(String text) {
    List<Object> list = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int colon = text.indexOf(':', at);
      int end = colon + 1 + Integer.parseInt(text.substring(at, colon));
      list.add(value(text.substring(colon + 1, end)));
      at = end;
    }
    return List.copyOf(list);
  }
}
