package hydrocell.executor.javadoc;

import hydrocell.cell.MimeBundle;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What is shown of a name: code and text in turn, as plain text, Markdown and HTML. */
public final class Page {
  private final List<String> plain = new ArrayList<>();
  private final List<String> markdown = new ArrayList<>();
  private final List<String> html = new ArrayList<>();

  /** Adds Java, such as signatures or a source. */
  public Page code(String java) {
    if (!java.isBlank()) {
      plain.add(java);
      markdown.add("```java\n" + java + "\n```");
      html.add("<pre><code>" + HtmlText.escape(java) + "</code></pre>");
    }
    return this;
  }

  /** Adds a line of text. */
  public Page line(String text) {
    if (!text.isBlank()) {
      plain.add(text);
      markdown.add("*" + text.replace("*", "\\*") + "*");
      html.add("<p><i>" + HtmlText.escape(text) + "</i></p>");
    }
    return this;
  }

  /** Adds a fragment of HTML. */
  public Page text(String fragment) {
    if (!fragment.isBlank()) {
      plain.add(HtmlText.plain(fragment));
      markdown.add(HtmlText.markdown(fragment));
      html.add(HtmlText.html(fragment));
    }
    return this;
  }

  /** All of it. */
  public MimeBundle bundle() {
    Map<String, String> data = new LinkedHashMap<>();
    data.put("text/plain", String.join("\n\n", plain));
    data.put("text/markdown", String.join("\n\n", markdown));
    data.put("text/html", String.join("\n", html));
    return new MimeBundle(data, Map.of());
  }
}
