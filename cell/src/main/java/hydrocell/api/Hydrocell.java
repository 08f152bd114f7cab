package hydrocell.api;

import java.io.IOException;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Functions that every cell can call by their plain names. Thread-safe. */
public final class Hydrocell {
  private Hydrocell() {}

  /**
   * Makes a method of the notebook a command: {@code %name words} calls it with the rest of the
   * line as a String, or with its words as String..., String[] or List&lt;String&gt;. What it
   * returns is shown.
   */
  @Documented
  @Retention(RetentionPolicy.SOURCE)
  @Target(ElementType.METHOD)
  public @interface LineMagic {
    /** The command's name; that of the method when it is empty. */
    String value() default "";
  }

  /**
   * Makes a method of the notebook a command: {@code %%name words} above a text calls it with the
   * text as its last argument, and the rest of the line as the one before, if it takes two.
   */
  @Documented
  @Retention(RetentionPolicy.SOURCE)
  @Target(ElementType.METHOD)
  public @interface CellMagic {
    /** The command's name; that of the method when it is empty. */
    String value() default "";
  }

  /**
   * Shows a value below the cell, in every form that is known for it.
   *
   * @param mimeTypes when given, text is taken as text of the first of these types, bytes as bytes
   *     of it, and of anything else only the forms of these types are shown
   * @return an id for {@link #updateDisplay}
   */
  public static String display(@Nullable Object value, String... mimeTypes) {
    return CellRuntime.output().display(value, mimeTypes);
  }

  /**
   * Shows a value in one form, which stands first in notebooks of the rapaio kernel and last in
   * those of others: {@code display("html", value)}, {@code display("<b>x</b>", "text/html")}.
   */
  public static String display(@Nullable String first, @Nullable Object second) {
    return second instanceof String type && (MediaTypes.isType(type) || !MediaTypes.isType(first))
        ? CellRuntime.output().display(first, type)
        : CellRuntime.output().display(second, MediaTypes.typeNamed(first));
  }

  /** Shows a value as {@link #display} does, and returns what can be updated later. */
  public static Display show(@Nullable Object value, String... mimeTypes) {
    return new Display(display(value, mimeTypes));
  }

  /** Shows a value in place of an earlier one. */
  public static void updateDisplay(String displayId, @Nullable Object value, String... mimeTypes) {
    CellRuntime.output().update(displayId, value, mimeTypes);
  }

  /** The same with the form before the value, as the rapaio kernel has it. */
  public static void updateDisplay(
      String displayId, @Nullable String first, @Nullable Object second) {
    if (second instanceof String type && (MediaTypes.isType(type) || !MediaTypes.isType(first))) {
      CellRuntime.output().update(displayId, first, type);
    } else {
      CellRuntime.output().update(displayId, second, MediaTypes.typeNamed(first));
    }
  }

  /** The forms of a value without showing them; as a cell's result they are shown. */
  public static Shown render(@Nullable Object value, String... mimeTypes) {
    return new Shown(CellRuntime.output().render(value, mimeTypes));
  }

  /**
   * From now on values of a class, and of what extends or implements it, are shown as {@code
   * renderer} says. The notebook keeps it; a later one for the same class takes its place. A class
   * that is defined anew is another class.
   */
  public static <T> void renderer(Class<T> type, Renderer<? super T> renderer) {
    Renderers.register(type, renderer);
  }

  /** Clears the cell's output. */
  public static void clearOutput() {
    clearOutput(false);
  }

  /** Clears the cell's output; with {@code wait} only when the next output comes. */
  public static void clearOutput(boolean wait) {
    CellRuntime.output().clear(wait);
  }

  /** Puts a text into a new cell below this one, once this one is done. */
  public static void nextCell(String source) {
    payload("source", "set_next_input", "text", source, "replace", false);
  }

  /** Shows a value in the front end's pager, where it has one, and not below the cell. */
  public static void page(@Nullable Object value, String... mimeTypes) {
    payload("source", "page", "data", render(value, mimeTypes).forms(), "start", 0);
  }

  private static void payload(Object... fields) {
    Map<String, Object> content = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      content.put((String) fields[i], fields[i + 1]);
    }
    CellRuntime.output().payload(Json.write(content));
  }

  /** Something that is shown as this HTML. */
  public static Shown html(String html) {
    return Shown.text("text/html", html);
  }

  /** Something that is shown as this Markdown. */
  public static Shown markdown(String markdown) {
    return Shown.text("text/markdown", markdown);
  }

  /** Something that is shown as this SVG image. */
  public static Shown svg(String svg) {
    return Shown.text("image/svg+xml", svg);
  }

  /** Something that is shown as this LaTeX, such as {@code $x^2$}. */
  public static Shown latex(String latex) {
    return Shown.text("text/latex", latex);
  }

  /** A diagram in the language of Mermaid. */
  public static Shown mermaid(String diagram) {
    return Shown.text("text/vnd.mermaid", diagram);
  }

  /**
   * A tree of this JSON: text that is JSON, or a value that {@link Json#write} writes. A
   * specification of Vega or Vega-Lite, known by its {@code $schema}, is shown as its chart.
   */
  public static Shown json(@Nullable Object value) {
    return Shown.json(
        value instanceof CharSequence text ? checked(text.toString()) : Json.write(value));
  }

  private static String checked(String json) {
    Json.parse(json);
    return json;
  }

  /** A chart of this Vega-Lite specification, as text or as maps and lists. */
  public static Shown vegaLite(Object specification) {
    String json =
        specification instanceof CharSequence text
            ? checked(text.toString())
            : Json.write(specification);
    return Shown.text("application/vnd.vegalite.v5+json", json);
  }

  /**
   * A picture, a sound or a film, whose kind is known by how the bytes begin.
   *
   * @throws IllegalArgumentException when it is none of these kinds; then {@link #media(byte[],
   *     String)} says it
   */
  public static Shown media(byte[] bytes) {
    String type = MediaTypes.of(bytes);
    if (type == null) {
      throw new IllegalArgumentException(
          "these bytes are no picture, sound or film of a kind known here: name their MIME type");
    }
    return media(bytes, type);
  }

  /** A picture, a sound or a film of this MIME type. */
  public static Shown media(byte[] bytes, String mimeType) {
    return mimeType.equals("image/svg+xml")
        ? svg(new String(bytes, StandardCharsets.UTF_8))
        : Shown.bytes(bytes, mimeType);
  }

  /** The picture, the sound or the film in a file. */
  public static Shown media(Path file) throws IOException {
    return media(Files.readAllBytes(file));
  }

  /**
   * A map of these keys and values, in turn; it keeps their order, takes null and can be changed.
   *
   * @throws IllegalArgumentException when the last key has no value
   */
  @SuppressWarnings("unchecked") // Whoever calls it says what they are.
  public static <K, V> Map<K, V> mapOf(@Nullable Object... keysAndValues) {
    if (keysAndValues.length % 2 != 0) {
      throw new IllegalArgumentException(
          "the key " + keysAndValues[keysAndValues.length - 1] + " has no value");
    }
    Map<K, V> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put((K) keysAndValues[i], (V) keysAndValues[i + 1]);
    }
    return map;
  }

  /** Shows how far a loop over these is. */
  public static <T> Progress<T> progress(Iterable<T> elements, String label) {
    long total = elements instanceof Collection<?> collection ? collection.size() : -1;
    return new Progress<>(label, total, elements::iterator);
  }

  /** Shows how far a loop over these is. */
  public static <T> Progress<T> progress(Iterable<T> elements) {
    return progress(elements, "");
  }

  /** Shows how far a loop over these is. */
  public static <T> Progress<T> progress(T[] elements, String label) {
    return progress(Arrays.asList(elements), label);
  }

  /** Shows how far a loop over the numbers from 0 is, or whoever calls {@code step}. */
  public static Progress<Integer> progress(int count, String label) {
    return new Progress<>(label, count, () -> IntStream.range(0, count).iterator());
  }

  /** Shows how far a loop over the numbers from 0 is, or whoever calls {@code step}. */
  public static Progress<Integer> progress(int count) {
    return progress(count, "");
  }

  /** Shows how far a loop over the numbers from 0 is, or whoever calls {@code step}. */
  public static Progress<Long> progress(long count, String label) {
    return new Progress<>(label, count, () -> numbers(count));
  }

  private static Iterator<Long> numbers(long count) {
    return LongStream.range(0, count).iterator();
  }

  /** The stream, which shows how much of it has passed. */
  public static <T> Stream<T> progress(Stream<T> stream, String label) {
    return ProgressStream.of(stream, label);
  }

  /** The stream, which shows how much of it has passed. */
  public static IntStream progress(IntStream stream, String label) {
    return ProgressStream.of(stream.boxed(), label).mapToInt(Integer::intValue);
  }
}
