package hydrocell.api;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads one JSON text from its beginning to its end. */
final class JsonReader {
  private final String text;
  private int at;
  private int depth;

  JsonReader(String text) {
    this.text = text;
  }

  @Nullable Object read() {
    Object value = value();
    space();
    if (at < text.length()) {
      throw wrong("nothing more was expected");
    }
    return value;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException("not JSON at character %d: %s".formatted(at, what));
  }

  private void space() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private char peek() {
    space();
    if (at == text.length()) {
      throw wrong("it ends too early");
    }
    return text.charAt(at);
  }

  private boolean take(char expected) {
    if (peek() != expected) {
      return false;
    }
    at++;
    return true;
  }

  private void need(char expected) {
    if (!take(expected)) {
      throw wrong("`%s` was expected".formatted(expected));
    }
  }

  private @Nullable Object value() {
    return switch (peek()) {
      case '{' -> nested(true);
      case '[' -> nested(false);
      case '"' -> string();
      case 't' -> word("true", true);
      case 'f' -> word("false", false);
      case 'n' -> word("null", null);
      default -> number();
    };
  }

  private Object nested(boolean object) {
    if (++depth > Json.MAX_DEPTH) {
      throw wrong("nested more than %d deep".formatted(Json.MAX_DEPTH));
    }
    at++;
    Object value = object ? object() : array();
    depth--;
    return value;
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    if (take('}')) {
      return fields;
    }
    do {
      if (peek() != '"') {
        throw wrong("the name of a field was expected");
      }
      String name = string();
      need(':');
      fields.put(name, value());
    } while (take(','));
    need('}');
    return fields;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> elements = new ArrayList<>();
    if (take(']')) {
      return elements;
    }
    do {
      elements.add(value());
    } while (take(','));
    need(']');
    return elements;
  }

  private @Nullable Object word(String word, @Nullable Object value) {
    if (!text.startsWith(word, at)) {
      throw wrong("`%s` was expected".formatted(word));
    }
    at += word.length();
    return value;
  }

  private String string() {
    at++;
    int plain = at;
    StringBuilder out = new StringBuilder();
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '"') {
        out.append(text, plain, at++);
        return out.toString();
      } else if (c == '\\') {
        out.append(text, plain, at++);
        out.append(escape());
        plain = at;
      } else if (c < 0x20) {
        throw wrong("a control character must be escaped");
      } else {
        at++;
      }
    }
    throw wrong("a string does not end");
  }

  private char escape() {
    char c = at < text.length() ? text.charAt(at++) : ' ';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw wrong("no such escape");
    };
  }

  private char unicode() {
    try {
      if (at + 4 <= text.length()) {
        int code = Integer.parseInt(text, at, at + 4, 16);
        if (code >= 0 && text.charAt(at) != '+') {
          at += 4;
          return (char) code;
        }
      }
    } catch (NumberFormatException e) {
      // Said below, for this and for what is too short.
    }
    throw wrong("four hexadecimal digits were expected");
  }

  private Object number() {
    int start = at;
    take('-');
    boolean zero = at < text.length() && text.charAt(at) == '0';
    int whole = digits();
    boolean fraction = false;
    if (whole == 0 || (zero && whole > 1)) {
      at = start;
      throw wrong("a value was expected");
    }
    if (at < text.length() && text.charAt(at) == '.') {
      at++;
      fraction = true;
      if (digits() == 0) {
        throw wrong("a digit was expected");
      }
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      at++;
      fraction = true;
      if (at < text.length() && "+-".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      if (digits() == 0) {
        throw wrong("a digit was expected");
      }
    }
    String digits = text.substring(start, at);
    if (fraction) {
      return Double.valueOf(digits);
    }
    return digits.length() < 19 ? (Object) Long.valueOf(digits) : whole(new BigInteger(digits));
  }

  private static Object whole(BigInteger value) {
    return value.bitLength() < Long.SIZE ? (Object) value.longValue() : value;
  }

  private int digits() {
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at - start;
  }
}
