package hydrocell.api.jjava;

import hydrocell.api.Hydrocell;
import hydrocell.api.Rich;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The forms of a value, put together one by one. For one thread. */
public final class DisplayData implements Rich {
  private static final long serialVersionUID = 1L;

  private final LinkedHashMap<String, String> data = new LinkedHashMap<>();

  /** Without any form. */
  public DisplayData() {}

  /** Plain text. */
  public DisplayData(String text) {
    putText(text);
  }

  /** Adds a form: text as it is, bytes as those of a picture. */
  public void putData(String mimeType, Object form) {
    data.put(
        mimeType,
        form instanceof byte[] bytes
            ? String.valueOf(Hydrocell.media(bytes, mimeType).forms().get(mimeType))
            : String.valueOf(form));
  }

  /** Adds a form. */
  public void putData(MIMEType mimeType, Object form) {
    putData(mimeType.type(), form);
  }

  /** The form of a type; null when there is none. */
  public @Nullable Object getData(MIMEType mimeType) {
    return data.get(mimeType.type());
  }

  /** Whether there is a form of a type. */
  public boolean hasDataForType(MIMEType mimeType) {
    return data.containsKey(mimeType.type());
  }

  /** Adds the forms of another. */
  public void assign(DisplayData other) {
    data.putAll(other.data);
  }

  /** Adds plain text. */
  public void putText(String text) {
    putData(MIMEType.TEXT_PLAIN, text);
  }

  /** Adds HTML. */
  public void putHTML(String html) {
    putData(MIMEType.TEXT_HTML, html);
  }

  /** Adds Markdown. */
  public void putMarkdown(String markdown) {
    putData(MIMEType.TEXT_MARKDOWN, markdown);
  }

  /** Adds LaTeX. */
  public void putLatex(String latex) {
    putData(MIMEType.TEXT_LATEX, latex);
  }

  /** Adds a formula without the dollar signs around it. */
  public void putMath(String formula) {
    putLatex("$$" + formula + "$$");
  }

  /** Adds a drawing. */
  public void putSVG(String svg) {
    putData(MIMEType.IMAGE_SVG, svg);
  }

  /** Adds JSON text. */
  public void putJSON(String json) {
    putData(MIMEType.APPLICATION_JSON, json);
  }

  /** Adds JavaScript. */
  public void putJavaScript(String javascript) {
    putData(MIMEType.APPLICATION_JAVASCRIPT, javascript);
  }

  @Override
  public Map<String, String> forms() {
    return data;
  }
}
