package hydrocell.executor.javadoc;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page of a class as javadoc writes it (the standard doclet since JDK 9): the section of a
 * member has its signature as {@code id}, with qualified types.
 */
final class JavadocPage {
  private static final Pattern ANCHOR =
      Pattern.compile("<(?:section|a)\\b[^>]*\\b(?:id|name)=\"([^\"]+)\"");
  private static final Pattern BLOCK = Pattern.compile("<div class=\"block\">");
  private static final Pattern NOTES = Pattern.compile("<dl class=\"notes\">|<dl>");

  private JavadocPage() {}

  /** What a page says of a member, as a fragment of HTML; empty when it does not name it. */
  static String find(String page, Member member) {
    if (member.isType()) {
      int start = first(page, "class=\"class-description\"", "class=\"description\"");
      int end = first(page.substring(start), "class=\"summary\"");
      return described(page.substring(start, start + end));
    }
    Matcher anchor = ANCHOR.matcher(page);
    while (anchor.find()) {
      if (isMeant(anchor.group(1), member)) {
        Matcher next = ANCHOR.matcher(page);
        int end = next.find(anchor.end()) ? next.start() : page.length();
        return described(page.substring(anchor.end(), end));
      }
    }
    return "";
  }

  private static int first(String text, String... markers) {
    for (String each : markers) {
      int found = text.indexOf(each);
      if (found >= 0) {
        return found;
      }
    }
    return 0;
  }

  private static boolean isMeant(String anchor, Member member) {
    String decoded =
        anchor.replace("&lt;", "<").replace("&gt;", ">").replace("%3C", "<").replace("%3E", ">");
    int open = decoded.indexOf('(');
    String name = open < 0 ? decoded : decoded.substring(0, open);
    if (!name.equals(member.name())) {
      return false;
    }
    if (open < 0) {
      return member.parameters().isEmpty();
    }
    String inside = decoded.substring(open + 1, decoded.lastIndexOf(')'));
    String[] types = inside.isEmpty() ? new String[0] : inside.split(",");
    if (types.length != member.parameters().size()) {
      return false;
    }
    for (int i = 0; i < types.length; i++) {
      String type = types[i].strip().replace("...", "[]");
      if (!type.substring(type.lastIndexOf('.') + 1).equals(member.parameters().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The description in a section, and the notes below it. */
  private static String described(String section) {
    StringBuilder html = new StringBuilder();
    Matcher block = BLOCK.matcher(section);
    if (block.find()) {
      html.append("<p>").append(within(section, block.end(), "div")).append("</p>");
    }
    Matcher notes = NOTES.matcher(section);
    if (notes.find()) {
      html.append("<dl>").append(within(section, notes.end(), "dl")).append("</dl>");
    }
    return html.toString();
  }

  /** The content of the element that was opened before {@code from}. */
  private static String within(String html, int from, String element) {
    Matcher tag = Pattern.compile("<(/?)" + element + "\\b[^>]*>").matcher(html);
    int depth = 1;
    int at = from;
    while (tag.find(at)) {
      depth += tag.group(1).isEmpty() ? 1 : -1;
      if (depth == 0) {
        return html.substring(from, tag.start());
      }
      at = tag.end();
    }
    return html.substring(from);
  }
}
