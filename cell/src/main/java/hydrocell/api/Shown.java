package hydrocell.api;

import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something to show, in forms that are ready. Immutable; a value like any other, so that it can be
 * kept in a variable.
 *
 * @param forms MIME type → text; Base64 for bytes; JSON text for types ending in {@code json}
 */
public record Shown(Map<String, String> forms) implements Rich {
  private static final int PLAIN_CHARS = 1_000;
  private static final Pattern VEGA =
      Pattern.compile(
          "\"\\$schema\"\\s*:\\s*\"[^\"]*/(vega|vega-lite)/v(\\d+)[^\"]*\"",
          Pattern.CASE_INSENSITIVE);

  /** The forms, in the order in which they were put in. */
  public Shown {
    forms = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(forms));
  }

  /** Text of one type, with its beginning as plain text. */
  static Shown text(String mimeType, String text) {
    return of(mimeType, text, plain(text));
  }

  static Shown of(String mimeType, String form, String plain) {
    Map<String, String> forms = new LinkedHashMap<>();
    forms.put(mimeType, form);
    forms.put("text/plain", plain);
    return new Shown(forms);
  }

  static String plain(String text) {
    return text.length() <= PLAIN_CHARS
        ? text
        : text.substring(0, PLAIN_CHARS)
            + "… (%,d characters more)".formatted(text.length() - PLAIN_CHARS);
  }

  /** JSON text: a chart when it names the schema of one, else a tree. */
  static Shown json(String json) {
    Matcher vega = VEGA.matcher(json);
    String type = "application/json";
    if (vega.find()) {
      String kind = vega.group(1).equalsIgnoreCase("vega") ? "vega" : "vegalite";
      type = "application/vnd.%s.v%s+json".formatted(kind, vega.group(2));
    }
    return text(type, json);
  }

  /** Bytes of an image, audio or video, whose type is known by how they begin. */
  static Shown bytes(byte[] bytes, String mimeType) {
    String base64 = Base64.getEncoder().encodeToString(bytes);
    String plain = "%s of %,d bytes".formatted(mimeType, bytes.length);
    if (mimeType.startsWith("image/")) {
      return of(mimeType, base64, plain);
    }
    String player = mimeType.startsWith("video/") ? "video" : "audio";
    return of(
        "text/html",
        "<%s controls src=\"data:%s;base64,%s\"></%s>".formatted(player, mimeType, base64, player),
        plain);
  }
}
