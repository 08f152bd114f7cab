package hydrocell.executor.run;

import hydrocell.api.Rich;
import hydrocell.cell.MimeBundle;
import hydrocell.executor.compiler.GeneratedNames;
import java.awt.image.RenderedImage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A value in every form that is known for it. Calls methods of the user's. */
final class Rendering {
  private static final String TEXT = "text/plain";

  private Rendering() {}

  /**
   * Shows a value.
   *
   * @param mimeTypes when given, the value is text of the first of these types
   */
  static MimeBundle of(@Nullable Object value, String... mimeTypes) throws Exception {
    Map<String, String> forms = new LinkedHashMap<>();
    if (mimeTypes.length > 0) {
      forms.put(mimeTypes[0], String.valueOf(value));
      return new MimeBundle(forms, Map.of());
    }
    if (value instanceof Rich rich) {
      forms.putAll(rich.forms());
      if (!forms.containsKey(TEXT)) {
        forms.put(TEXT, rich.getClass().isHidden() ? forms.keySet().toString() : text(value));
      }
      return new MimeBundle(forms, Map.of());
    }
    if (value instanceof RenderedImage image) {
      forms.put("image/png", Images.png(image));
      forms.put(TEXT, "image of %d × %d".formatted(image.getWidth(), image.getHeight()));
      return new MimeBundle(forms, Map.of());
    }
    if (value != null) {
      forms.putAll(LibraryForms.of(value));
      String table = forms.isEmpty() ? Tables.of(value) : null;
      if (table != null) {
        forms.put("text/html", table);
      }
    }
    forms.putIfAbsent(TEXT, text(value));
    return new MimeBundle(forms, Map.of());
  }

  private static String text(@Nullable Object value) {
    String text = PlainText.of(value);
    return value instanceof CharSequence ? text : GeneratedNames.clean(text);
  }

  /** About how much of the cell's output it takes. */
  static long bytes(MimeBundle bundle) {
    return bundle.data().values().stream().mapToLong(String::length).sum();
  }
}
