package hydrocell.executor.render;

import hydrocell.api.CellRuntime;
import hydrocell.api.Renderer;
import hydrocell.api.Rich;
import hydrocell.cell.MimeBundle;
import hydrocell.executor.compiler.GeneratedNames;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A value in every form that is known for it. Calls methods of the user's. */
public final class Rendering {
  private static final int PLAIN_CHARS = 1_000;
  private static final String TEXT = "text/plain";
  private static final String HTML = "text/html";
  private static final int MAX_NESTED = 8;

  private Rendering() {}

  /**
   * The forms of a value.
   *
   * @param mimeTypes when given, text is taken as text of the first of these types, bytes as bytes
   *     of it, and of anything else only the forms of these types remain; plain text stands beside
   *     them, for clients that show nothing else
   * @throws IllegalArgumentException when the value has no form of these types
   */
  public static MimeBundle of(@Nullable Object value, String... mimeTypes) throws Exception {
    return new MimeBundle(
        mimeTypes.length == 0 ? forms(value, List.of(), 0) : as(value, Arrays.asList(mimeTypes)),
        Map.of());
  }

  private static Map<String, String> as(@Nullable Object value, List<String> types)
      throws Exception {
    String first = types.getFirst();
    if (value instanceof CharSequence || value == null) {
      String text = String.valueOf(value);
      Map<String, String> forms = new LinkedHashMap<>();
      forms.put(first, text);
      forms.putIfAbsent(TEXT, beginning(text));
      return forms;
    } else if (value instanceof byte[] bytes) {
      return hydrocell.api.Hydrocell.media(bytes, first).forms();
    }
    Map<String, String> all = forms(value, types, 0);
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String type : types) {
      String form = all.get(type);
      if (form != null) {
        wanted.put(type, form);
      } else if (type.startsWith("image/") && Desktop.canPaint(Ancestry.of(value))) {
        wanted.put(type, DesktopForms.encoded(value, type));
      }
    }
    if (!wanted.isEmpty()) {
      String plain = all.get(TEXT);
      wanted.putIfAbsent(TEXT, plain == null ? text(value) : plain);
      return wanted;
    }
    if (!first.startsWith("text/")) {
      throw new IllegalArgumentException(
          "a %s has no form as %s, but as %s"
              .formatted(GeneratedNames.clean(value.getClass().getName()), first, all.keySet()));
    }
    return Map.of(first, text(value));
  }

  private static String beginning(String text) {
    return text.length() <= PLAIN_CHARS ? text : text.substring(0, PLAIN_CHARS) + "…";
  }

  /** The forms of a value inside another. */
  static Map<String, String> forms(@Nullable Object value, int depth) throws Exception {
    return forms(value, List.of(), depth);
  }

  private static Map<String, String> forms(@Nullable Object value, List<String> types, int depth)
      throws Exception {
    Map<String, String> forms = new LinkedHashMap<>();
    if (value == null || depth > MAX_NESTED) {
      forms.put(TEXT, text(value));
      return forms;
    }
    Object shown = registered(value, types);
    if (shown != null) {
      forms.putAll(forms(shown, types, depth + 1));
      if (shown instanceof Rich rich && !rich.forms().containsKey(TEXT)) {
        forms.put(TEXT, text(value));
      }
      return forms;
    }
    if (value instanceof Rich rich) {
      forms.putAll(rich.forms());
      forms.putIfAbsent(TEXT, plain(rich, forms));
      return forms;
    }
    forms.putAll(known(value, depth));
    String table = forms.isEmpty() ? Tables.of(value) : null;
    if (table != null) {
      forms.put(HTML, table);
    }
    forms.putIfAbsent(TEXT, text(value));
    return forms;
  }

  /** What stands for something that shows itself, but not as plain text. */
  private static String plain(Rich rich, Map<String, String> forms) {
    if (rich.getClass().isHidden()) {
      return forms.keySet().toString();
    }
    boolean ours = rich.getClass().getPackageName().startsWith("hydrocell.api");
    return ours
        ? forms.keySet().stream()
            .filter(type -> type.startsWith("text/"))
            .findFirst()
            .map(type -> beginning(String.valueOf(forms.get(type))))
            .orElse(forms.keySet().toString())
        : text(rich);
  }

  /** What a renderer of the session's shows in place of a value; null when there is none. */
  @SuppressWarnings("unchecked") // It was registered for a type that the value has.
  private static @Nullable Object registered(Object value, List<String> types) throws Exception {
    Renderer<Object> renderer = (Renderer<Object>) CellRuntime.rendererOf(value);
    return renderer == null ? null : renderer.render(value, types);
  }

  /** Forms of types that are known; empty when the value's type is not. */
  private static Map<String, String> known(Object value, int depth) throws Exception {
    if (value instanceof byte[] bytes) {
      return LanguageForms.media(bytes);
    }
    Set<String> ancestry = Ancestry.of(value);
    if (Desktop.knows(ancestry)) {
      return DesktopForms.of(value);
    }
    Map<String, String> forms = LanguageForms.of(value, depth);
    return forms.isEmpty() ? LibraryForms.of(value, ancestry) : forms;
  }

  private static String text(@Nullable Object value) {
    String text = PlainText.of(value);
    return value instanceof CharSequence ? text : GeneratedNames.clean(text);
  }

  /** About how much of the cell's output it takes. */
  public static long bytes(MimeBundle bundle) {
    return bundle.data().values().stream().mapToLong(String::length).sum();
  }

  /** The bundle without its largest forms, if it is larger than a cell may show. */
  public static MimeBundle bounded(MimeBundle bundle, long limitBytes) {
    if (bytes(bundle) <= limitBytes) {
      return bundle;
    }
    Map<String, String> kept = new LinkedHashMap<>();
    StringBuilder notice = new StringBuilder();
    long left = limitBytes;
    for (Map.Entry<String, String> form : bundle.data().entrySet()) {
      int size = form.getValue().length();
      if (size <= left) {
        kept.put(form.getKey(), form.getValue());
        left -= size;
      } else {
        notice.append(
            "[%s of %,d bytes left out: a cell shows %,d]%n"
                .formatted(form.getKey(), size, limitBytes));
      }
    }
    kept.merge(TEXT, notice.toString().strip(), (text, more) -> text + "\n" + more);
    return new MimeBundle(kept, bundle.metadata());
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
