package hydrocell.api;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Stacks drawn as a flame graph: a bar is a method, as wide as the share of samples in which it
 * stands there, upon the method that called it. Not thread-safe.
 */
final class FlameGraph {
  private static final int WIDTH = 1000;
  private static final int ROW = 18;
  private static final int MAX_DEPTH = 48;
  private static final double MIN_WIDTH = 2;
  private static final double CHARACTER = 6.2;

  private final Bar root = new Bar();

  private static final class Bar {
    private final Map<String, Bar> above = new LinkedHashMap<>();
    private long samples;

    private int height() {
      return 1 + above.values().stream().mapToInt(Bar::height).max().orElse(0);
    }
  }

  /** Adds one sample: methods from the outermost on. */
  void add(List<String> stack) {
    Bar bar = root;
    bar.samples++;
    for (String method : stack.subList(0, Math.min(MAX_DEPTH, stack.size()))) {
      bar = bar.above.computeIfAbsent(method, m -> new Bar());
      bar.samples++;
    }
  }

  /** The graph as an SVG image; the outermost methods are at the bottom. */
  String svg() {
    int height = (root.height() - 1) * ROW;
    StringBuilder svg =
        new StringBuilder(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"100%%\" font-family=\"sans-serif\" font-size=\"11\">"
                .formatted(WIDTH, Math.max(ROW, height)));
    draw(svg, root, 0, height);
    return svg.append("</svg>").toString();
  }

  private void draw(StringBuilder svg, Bar bar, double left, int bottom) {
    double x = left;
    for (Map.Entry<String, Bar> each : bar.above.entrySet()) {
      Bar child = each.getValue();
      double width = (double) WIDTH * child.samples / root.samples;
      if (width >= MIN_WIDTH) {
        bar(svg, each.getKey(), child.samples, x, bottom - ROW, width);
        draw(svg, child, x, bottom - ROW);
      }
      x += width;
    }
  }

  private void bar(StringBuilder svg, String name, long samples, double x, int y, double width) {
    String text = escaped(name);
    String share = String.format(Locale.ROOT, "%.1f %%", 100.0 * samples / root.samples);
    svg.append(
        String.format(
            Locale.ROOT,
            "<g><title>%s: %s (%d samples)</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\" rx=\"2\"/>",
            text,
            share,
            samples,
            x,
            y,
            Math.max(1, width - 1),
            ROW - 1,
            colour(name)));
    int fits = (int) ((width - 6) / CHARACTER);
    String shown = name.contains("(") || fits >= name.length() ? name : shortened(name);
    if (fits >= 3) {
      String cut = shown.length() <= fits ? shown : shown.substring(0, fits - 1) + "…";
      svg.append(
          String.format(
              Locale.ROOT,
              "<text x=\"%.1f\" y=\"%d\" fill=\"#222\">%s</text>",
              x + 3,
              y + ROW - 6,
              escaped(cut)));
    }
    svg.append("</g>");
  }

  /** A method with its class, without the package. */
  private static String shortened(String name) {
    int method = name.lastIndexOf('.');
    int type = method < 0 ? -1 : name.lastIndexOf('.', method - 1);
    return name.substring(type + 1);
  }

  /** The notebook's own code is warm, the JDK's is cold, libraries are green. */
  private static String colour(String name) {
    if (name.startsWith("java.") || name.startsWith("jdk.") || name.startsWith("sun.")) {
      return "#a9c4de";
    }
    return name.chars().filter(c -> c == '.').count() > 1 ? "#b5d6a7" : "#f2b36b";
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
