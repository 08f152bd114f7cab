package hydrocell.api;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MIME types: by their short names, and of pictures, sounds and films by how these begin. */
final class MediaTypes {
  private static final int ENOUGH = 16;

  private static final Map<String, String> SHORT =
      Map.of(
          "text", "text/plain",
          "html", "text/html",
          "markdown", "text/markdown",
          "md", "text/markdown",
          "latex", "text/latex",
          "svg", "image/svg+xml",
          "png", "image/png",
          "jpeg", "image/jpeg",
          "gif", "image/gif",
          "json", "application/json");

  private static final Pattern TYPE = Pattern.compile("[a-z*]+/[\\w.+*-]+");

  private MediaTypes() {}

  /** Whether a word is a MIME type, or short for one. */
  static boolean isType(@Nullable String word) {
    return word != null && (SHORT.containsKey(word) || TYPE.matcher(word).matches());
  }

  /**
   * The type that a word means.
   *
   * @throws IllegalArgumentException when it means none
   */
  static String typeNamed(@Nullable String word) {
    if (word == null || !isType(word)) {
      throw new IllegalArgumentException(
          "'%s' is no MIME type: a value is shown by display(value), or display(value, \"text/html\")"
              .formatted(word));
    }
    return SHORT.getOrDefault(word, word);
  }

  /** The MIME type; null when the bytes are none of the kinds that notebooks can show. */
  static @Nullable String of(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, ENOUGH), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG\r\n")) {
      return "image/png";
    } else if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    } else if (head.startsWith("GIF8")) {
      return "image/gif";
    } else if (head.startsWith("RIFF") && head.length() >= 12) {
      return riff(head.substring(8, 12));
    } else if (head.startsWith("OggS")) {
      return "audio/ogg";
    } else if (head.startsWith("fLaC")) {
      return "audio/flac";
    } else if (head.startsWith("ID3")
        || (head.length() > 1 && head.charAt(0) == 0xff && (head.charAt(1) & 0xe0) == 0xe0)) {
      return "audio/mpeg";
    } else if (head.startsWith("\u001aE\u00df\u00a3")) {
      return "video/webm";
    } else if (head.startsWith("ftyp", 4)) {
      return head.startsWith("ftypM4A", 4) ? "audio/mp4" : "video/mp4";
    }
    return isSvg(bytes) ? "image/svg+xml" : null;
  }

  private static @Nullable String riff(String kind) {
    return switch (kind) {
      case "WAVE" -> "audio/wav";
      case "WEBP" -> "image/webp";
      default -> null;
    };
  }

  private static boolean isSvg(byte[] bytes) {
    String head =
        new String(bytes, 0, Math.min(bytes.length, 512), StandardCharsets.UTF_8)
            .strip()
            .toLowerCase(Locale.ROOT);
    return head.startsWith("<svg") || (head.startsWith("<?xml") && head.contains("<svg"));
  }
}
