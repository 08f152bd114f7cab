package hydrocell.api;

import java.util.Map;

/** A value that knows how it is shown. A class of the user may implement it. */
@FunctionalInterface
public interface Rich extends java.io.Serializable {
  /** MIME type → text, or Base64 for images. */
  Map<String, String> forms();
}
