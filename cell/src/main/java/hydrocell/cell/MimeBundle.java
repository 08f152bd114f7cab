package hydrocell.cell;

import java.util.Map;

/**
 * One thing shown, in several forms. Immutable.
 *
 * @param data MIME type → text, or Base64 for images, or JSON text for types ending in {@code json}
 * @param metadata MIME type → JSON text of its metadata
 */
public record MimeBundle(Map<String, String> data, Map<String, String> metadata) {
  /** Plain text alone. */
  public static MimeBundle text(String text) {
    return new MimeBundle(Map.of("text/plain", text), Map.of());
  }
}
