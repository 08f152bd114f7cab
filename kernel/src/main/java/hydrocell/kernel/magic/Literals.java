package hydrocell.kernel.magic;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** JSON as expressions of Java, in the type that is wanted. */
final class Literals {
  private static final Set<String> PARSED =
      Set.of(
          "LocalDate",
          "LocalTime",
          "LocalDateTime",
          "OffsetDateTime",
          "ZonedDateTime",
          "Instant",
          "Duration",
          "Period");

  private static final Map<String, String> MADE_OF_TEXT =
      Map.of(
          "Path", "java.nio.file.Path.of",
          "File", "new java.io.File",
          "URI", "java.net.URI.create",
          "UUID", "java.util.UUID.fromString",
          "Pattern", "java.util.regex.Pattern.compile",
          "BigDecimal", "new java.math.BigDecimal",
          "BigInteger", "new java.math.BigInteger");

  private static final Map<String, String> COLLECTIONS =
      Map.of(
          "List", "ArrayList",
          "Collection", "ArrayList",
          "Iterable", "ArrayList",
          "ArrayList", "ArrayList",
          "LinkedList", "LinkedList",
          "Set", "LinkedHashSet",
          "HashSet", "HashSet",
          "LinkedHashSet", "LinkedHashSet",
          "TreeSet", "TreeSet");

  private static final Set<String> MAPS = Set.of("Map", "LinkedHashMap", "HashMap", "TreeMap");
  private static final Set<String> ANY = Set.of("", "Object", "Number", "Serializable", "?");

  private Literals() {}

  /** A text as a literal. */
  static String text(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        case '"' -> literal.append("\\\"");
        case '\\' -> literal.append("\\\\");
        default -> literal.append(c);
      }
    }
    return literal.append('"').toString();
  }

  /**
   * A value as an expression.
   *
   * @param type as Java spells it; empty for the type that the value has by itself
   * @throws IllegalArgumentException says what the type cannot take
   */
  static String of(JsonNode value, String type) {
    String plain = type.replaceAll("\\b(?:[a-z]\\w*\\.)+(?=[A-Z])", "").strip();
    if (value.isNull()) {
      return Character.isLowerCase(plain.isEmpty() ? 'A' : plain.charAt(0)) && !isArray(plain)
          ? fail(value, plain)
          : "null";
    }
    if (isArray(plain)) {
      String element = plain.substring(0, plain.lastIndexOf('[')).strip();
      return "new %s[] {%s}".formatted(element, elements(value, plain, element));
    }
    int less = plain.indexOf('<');
    String raw = less < 0 ? plain : plain.substring(0, less);
    if (ANY.contains(raw)) {
      return byItself(value);
    } else if (COLLECTIONS.containsKey(raw)) {
      String element = less < 0 ? "" : parameters(plain).getFirst();
      return collection(value, plain, COLLECTIONS.get(raw), element);
    } else if (MAPS.contains(raw)) {
      return map(value, plain, raw.equals("Map") ? "LinkedHashMap" : raw);
    } else if (raw.equals("Optional")) {
      return "java.util.Optional.of(" + of(value, parameters(plain).getFirst()) + ")";
    }
    return scalar(value, plain);
  }

  private static boolean isArray(String type) {
    return type.endsWith("[]");
  }

  private static String fail(JsonNode value, String type) {
    throw new IllegalArgumentException("it is a %s, and cannot be %s".formatted(type, value));
  }

  private static String scalar(JsonNode value, String type) {
    String number = value.asText();
    boolean whole = value.isIntegralNumber();
    return switch (type) {
      case "int", "Integer" -> whole && value.canConvertToInt() ? number : fail(value, type);
      case "long", "Long" -> whole && value.canConvertToLong() ? number + "L" : fail(value, type);
      case "short", "Short", "byte", "Byte" ->
          whole && value.canConvertToInt()
              ? "(%s) (%s)".formatted(type.toLowerCase(java.util.Locale.ROOT), number)
              : fail(value, type);
      case "double", "Double" -> real(value, type, "Double");
      case "float", "Float" -> "(float) " + real(value, type, "Double");
      case "boolean", "Boolean" -> value.isBoolean() ? number : fail(value, type);
      case "char", "Character" ->
          value.isTextual() && number.length() == 1
              ? text(number) + ".charAt(0)"
              : fail(value, type);
      case "String", "CharSequence" -> value.isTextual() ? text(number) : fail(value, type);
      default -> ofText(value, type);
    };
  }

  private static String real(JsonNode value, String type, String box) {
    if (value.isTextual() && Set.of("NaN", "Infinity", "-Infinity").contains(value.asText())) {
      return "%s.valueOf(\"%s\")".formatted(box, value.asText());
    }
    return value.isNumber() ? value.asText() + "d" : fail(value, type);
  }

  private static String ofText(JsonNode value, String type) {
    String text = text(value.asText());
    if (!value.isValueNode()) {
      return fail(value, type);
    } else if (PARSED.contains(type)) {
      return "java.time.%s.parse(%s)".formatted(type, text);
    } else if (MADE_OF_TEXT.containsKey(type)) {
      return MADE_OF_TEXT.get(type) + "(" + text + ")";
    }
    return value.isTextual() ? "%s.valueOf(%s)".formatted(type, text) : fail(value, type);
  }

  private static String elements(JsonNode value, String type, String element) {
    if (!value.isArray()) {
      return fail(value, type);
    }
    List<String> all = new ArrayList<>();
    value.forEach(each -> all.add(of(each, element)));
    return String.join(", ", all);
  }

  private static String collection(JsonNode value, String type, String made, String element) {
    String elements = elements(value, type, element);
    String argument = element.isEmpty() || element.startsWith("?") ? "" : "<" + element + ">";
    return "new java.util.%s<>(java.util.Arrays.%sasList(%s))".formatted(made, argument, elements);
  }

  private static String map(JsonNode value, String type, String made) {
    if (!value.isObject()) {
      return fail(value, type);
    }
    List<String> parameters = type.contains("<") ? parameters(type) : List.of("String", "Object");
    String entries =
        value.properties().stream()
            .map(each ->
                key(each.getKey(), parameters.get(0))
                    + ", "
                    + of(each.getValue(), parameters.get(1)))
            .collect(Collectors.joining(", "));
    return "new java.util.%s<%s>(hydrocell.api.Hydrocell.mapOf(%s))"
        .formatted(made, String.join(", ", parameters), entries);
  }

  private static String key(String key, String type) {
    return switch (type) {
      case "Integer", "Long" -> type + ".valueOf(" + text(key) + ")";
      case "String", "Object", "CharSequence" -> text(key);
      default -> "%s.valueOf(%s)".formatted(type, text(key));
    };
  }

  private static String byItself(JsonNode value) {
    if (value.isTextual()) {
      return text(value.asText());
    } else if (value.isIntegralNumber()) {
      return value.canConvertToInt()
          ? value.asText()
          : value.canConvertToLong() ? value.asText() + "L" : ofText(value, "BigInteger");
    } else if (value.isArray()) {
      return collection(value, "List", "ArrayList", "");
    } else if (value.isObject()) {
      return map(value, "Map", "LinkedHashMap");
    }
    return value.isNumber() ? real(value, "double", "Double") : value.asText();
  }

  /** The type arguments of a type. */
  private static List<String> parameters(String type) {
    String inside = type.substring(type.indexOf('<') + 1, type.lastIndexOf('>'));
    List<String> found = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i < inside.length(); i++) {
      char c = inside.charAt(i);
      depth += c == '<' ? 1 : c == '>' ? -1 : 0;
      if (c == ',' && depth == 0) {
        found.add(inside.substring(start, i).strip());
        start = i + 1;
      }
    }
    found.add(inside.substring(start).strip());
    return found.stream().map(each -> each.replaceFirst("^\\?\\s*extends\\s+", "")).toList();
  }
}
