package hydrocell.executor.javadoc;

import com.sun.source.doctree.BlockTagTree;
import com.sun.source.doctree.CommentTree;
import com.sun.source.doctree.DeprecatedTree;
import com.sun.source.doctree.DocCommentTree;
import com.sun.source.doctree.DocTree;
import com.sun.source.doctree.EndElementTree;
import com.sun.source.doctree.EntityTree;
import com.sun.source.doctree.ErroneousTree;
import com.sun.source.doctree.EscapeTree;
import com.sun.source.doctree.IndexTree;
import com.sun.source.doctree.InheritDocTree;
import com.sun.source.doctree.LinkTree;
import com.sun.source.doctree.LiteralTree;
import com.sun.source.doctree.ParamTree;
import com.sun.source.doctree.RawTextTree;
import com.sun.source.doctree.ReturnTree;
import com.sun.source.doctree.SeeTree;
import com.sun.source.doctree.SinceTree;
import com.sun.source.doctree.SnippetTree;
import com.sun.source.doctree.StartElementTree;
import com.sun.source.doctree.SummaryTree;
import com.sun.source.doctree.SystemPropertyTree;
import com.sun.source.doctree.TextTree;
import com.sun.source.doctree.ThrowsTree;
import com.sun.source.doctree.UnknownBlockTagTree;
import com.sun.source.doctree.UnknownInlineTagTree;
import com.sun.source.doctree.ValueTree;
import com.sun.source.util.SimpleDocTreeVisitor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a documentation comment (JLS has none; the specification is javadoc's "Documentation
 * Comment Specification for the Standard Doclet") into plain HTML: inline tags become code and
 * emphasis, block tags become lists with a heading.
 */
final class CommentHtml {
  private static final Map<String, String> NOTES =
      Map.of(
          "apiNote", "API note", "implSpec", "Implementation", "implNote", "Implementation note");

  private final StringBuilder out = new StringBuilder();
  private boolean inherits;

  private CommentHtml() {}

  /** The HTML of a comment; of a missing one it is empty, and the documentation is inherited. */
  static CommentHtml of(@Nullable DocCommentTree comment) {
    CommentHtml html = new CommentHtml();
    if (comment == null) {
      html.inherits = true;
      return html;
    }
    html.write(comment.getFullBody());
    html.blocks(comment.getBlockTags());
    return html;
  }

  /** The HTML. */
  String text() {
    return out.toString().strip();
  }

  /** Whether something of the overridden method belongs into it. */
  boolean inherits() {
    return inherits;
  }

  private void write(List<? extends DocTree> trees) {
    Inline inline = new Inline();
    trees.forEach(each -> each.accept(inline, null));
  }

  private String html(List<? extends DocTree> trees) {
    CommentHtml part = new CommentHtml();
    part.write(trees);
    inherits |= part.inherits;
    return part.text();
  }

  private void blocks(List<? extends DocTree> tags) {
    Map<String, List<String>> byHeading = new LinkedHashMap<>();
    for (String heading : List.of("Deprecated", "Type parameters", "Parameters", "Returns")) {
      byHeading.put(heading, new ArrayList<>());
    }
    for (DocTree tag : tags) {
      if (tag instanceof BlockTagTree) {
        block(tag, byHeading);
      }
    }
    byHeading.forEach((heading, entries) -> {
      if (entries.size() == 1 && !heading.endsWith("arameters") && !heading.equals("Throws")) {
        out.append("<p><b>%s:</b> %s</p>".formatted(heading, entries.getFirst()));
      } else if (!entries.isEmpty()) {
        out.append("<p><b>%s:</b></p><ul>".formatted(heading));
        entries.forEach(each -> out.append("<li>").append(each).append("</li>"));
        out.append("</ul>");
      }
    });
  }

  private void block(DocTree tag, Map<String, List<String>> byHeading) {
    switch (tag) {
      case ParamTree parameter ->
          add(
              byHeading,
              parameter.isTypeParameter() ? "Type parameters" : "Parameters",
              named(parameter.getName().toString(), parameter.getDescription()));
      case ReturnTree returned -> add(byHeading, "Returns", html(returned.getDescription()));
      case ThrowsTree thrown ->
          add(
              byHeading,
              "Throws",
              named(simple(thrown.getExceptionName().getSignature()), thrown.getDescription()));
      case DeprecatedTree deprecated -> add(byHeading, "Deprecated", html(deprecated.getBody()));
      case SinceTree since -> add(byHeading, "Since", html(since.getBody()));
      case SeeTree see -> add(byHeading, "See also", see(see));
      case UnknownBlockTagTree other -> {
        String heading = NOTES.get(other.getTagName());
        if (heading != null) {
          add(byHeading, heading, html(other.getContent()));
        }
      }
      default -> {}
    }
  }

  private static void add(Map<String, List<String>> byHeading, String heading, String html) {
    byHeading.computeIfAbsent(heading, h -> new ArrayList<>()).add(html);
  }

  private String named(String name, List<? extends DocTree> description) {
    return code(name) + " – " + html(description);
  }

  private String see(SeeTree see) {
    DocTree first = see.getReference().getFirst();
    boolean reference = first.getKind() == DocTree.Kind.REFERENCE;
    return reference ? code(reference(first.toString())) : html(see.getReference());
  }

  private static String code(String text) {
    return "<code>" + HtmlText.escape(text) + "</code>";
  }

  private static String simple(String qualified) {
    return qualified.substring(qualified.lastIndexOf('.') + 1);
  }

  /**
   * A reference as one reads it: {@code List.of(Object...)} for {@code
   * java.util.List#of(Object...)}.
   */
  private static String reference(String signature) {
    int parameters = signature.indexOf('(');
    String name = parameters < 0 ? signature : signature.substring(0, parameters);
    int hash = name.indexOf('#');
    String owner = simple(hash < 0 ? name : name.substring(0, hash));
    String member = hash < 0 ? "" : name.substring(hash + 1);
    String rest = parameters < 0 ? "" : signature.substring(parameters);
    return owner.isEmpty() || member.isEmpty()
        ? owner + member + rest
        : owner + "." + member + rest;
  }

  /** What stands in running text. */
  private final class Inline extends SimpleDocTreeVisitor<@Nullable Void, @Nullable Void> {
    @Override
    protected @Nullable Void defaultAction(DocTree tree, @Nullable Void nothing) {
      out.append(HtmlText.escape(tree.toString()));
      return null;
    }

    private @Nullable Void raw(String html) {
      out.append(html);
      return null;
    }

    @Override
    public @Nullable Void visitText(TextTree tree, @Nullable Void nothing) {
      return raw(HtmlText.escape(tree.getBody()));
    }

    @Override
    public @Nullable Void visitRawText(RawTextTree tree, @Nullable Void nothing) {
      return raw(MarkdownHtml.of(tree.getContent()));
    }

    @Override
    public @Nullable Void visitEntity(EntityTree tree, @Nullable Void nothing) {
      return raw("&" + tree.getName() + ";");
    }

    @Override
    public @Nullable Void visitEscape(EscapeTree tree, @Nullable Void nothing) {
      return raw(HtmlText.escape(tree.getBody()));
    }

    @Override
    public @Nullable Void visitStartElement(StartElementTree tree, @Nullable Void nothing) {
      return raw("<" + tree.getName() + ">");
    }

    @Override
    public @Nullable Void visitEndElement(EndElementTree tree, @Nullable Void nothing) {
      return raw("</" + tree.getName() + ">");
    }

    @Override
    public @Nullable Void visitComment(CommentTree tree, @Nullable Void nothing) {
      return null;
    }

    @Override
    public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void nothing) {
      String body = tree.getBody().getBody();
      return raw(tree.getKind() == DocTree.Kind.CODE ? code(body) : HtmlText.escape(body));
    }

    @Override
    public @Nullable Void visitLink(LinkTree tree, @Nullable Void nothing) {
      String label = html(tree.getLabel());
      return raw(label.isEmpty() ? code(reference(tree.getReference().getSignature())) : label);
    }

    @Override
    public @Nullable Void visitValue(ValueTree tree, @Nullable Void nothing) {
      return raw(
          code(
              tree.getReference() == null
                  ? "value"
                  : reference(tree.getReference().getSignature())));
    }

    @Override
    public @Nullable Void visitInheritDoc(InheritDocTree tree, @Nullable Void nothing) {
      inherits = true;
      return raw(Library.INHERITED);
    }

    @Override
    public @Nullable Void visitSnippet(SnippetTree tree, @Nullable Void nothing) {
      TextTree body = tree.getBody();
      return body == null
          ? null
          : raw("<pre>" + HtmlText.escape(body.getBody().stripIndent()) + "</pre>");
    }

    @Override
    public @Nullable Void visitSummary(SummaryTree tree, @Nullable Void nothing) {
      return raw(html(tree.getSummary()));
    }

    @Override
    public @Nullable Void visitReturn(ReturnTree tree, @Nullable Void nothing) {
      return raw("Returns " + html(tree.getDescription()) + ".");
    }

    @Override
    public @Nullable Void visitIndex(IndexTree tree, @Nullable Void nothing) {
      return raw(html(List.of(tree.getSearchTerm())));
    }

    @Override
    public @Nullable Void visitSystemProperty(SystemPropertyTree tree, @Nullable Void nothing) {
      return raw(code(tree.getPropertyName().toString()));
    }

    @Override
    public @Nullable Void visitUnknownInlineTag(UnknownInlineTagTree tree, @Nullable Void nothing) {
      return raw(html(tree.getContent()));
    }

    @Override
    public @Nullable Void visitErroneous(ErroneousTree tree, @Nullable Void nothing) {
      return raw(HtmlText.escape(tree.getBody()));
    }
  }
}
