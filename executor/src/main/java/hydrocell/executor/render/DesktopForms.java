package hydrocell.executor.render;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Component;
import java.awt.Container;
import java.awt.Dimension;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.Rectangle;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.image.BufferedImage;
import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.swing.Icon;
import javax.swing.ImageIcon;

/**
 * Pictures, and what can be painted: icons, shapes, and components, which have no window here. A
 * class of its own, so that AWT is loaded only when there is a picture.
 */
final class DesktopForms {
  private static final int MAX_SIDE = 4_000;
  private static final int SHAPE_SIDE = 400;
  private static final int MARGIN = 4;
  private static final Dimension UNSIZED = new Dimension(400, 300);

  private DesktopForms() {}

  /** The forms of something that {@link Desktop#knows}. */
  static Map<String, String> of(Object value) throws IOException {
    Map<String, String> forms = new LinkedHashMap<>();
    if (value instanceof Color color) {
      String hex = "#%06x".formatted(color.getRGB() & 0xffffff);
      forms.put(
          "text/html",
          "<span style=\"display:inline-block;width:1.2em;height:1.2em;vertical-align:middle;border:1px solid #888;background:rgba(%d,%d,%d,%.3f)\"></span> <code>%s</code>"
              .formatted(
                  color.getRed(),
                  color.getGreen(),
                  color.getBlue(),
                  color.getAlpha() / 255.0,
                  hex));
      forms.put("text/plain", "color " + hex + (color.getAlpha() < 255 ? ", translucent" : ""));
    } else if (value instanceof Font font) {
      forms.put(
          "text/plain",
          "font %s, %d points%s%s"
              .formatted(
                  font.getFamily(),
                  font.getSize(),
                  font.isBold() ? ", bold" : "",
                  font.isItalic() ? ", italic" : ""));
    } else {
      RenderedImage picture = picture(value);
      forms.put("image/png", Rendering.base64(encode(picture, "png")));
      forms.put("text/plain", caption(value, picture));
    }
    return forms;
  }

  private static String caption(Object value, RenderedImage picture) {
    String what =
        switch (value) {
          case Component component -> component.getClass().getSimpleName();
          case Icon icon -> "icon";
          case Shape shape -> shape.getClass().getSimpleName();
          default -> "image";
        };
    return "%s of %d × %d".formatted(what, picture.getWidth(), picture.getHeight());
  }

  /** Base64 of a picture in an image type such as {@code image/jpeg}. */
  static String encoded(Object value, String mimeType) throws IOException {
    return Rendering.base64(encode(picture(value), mimeType.substring("image/".length())));
  }

  /** A picture in one of the formats that the JDK writes. */
  static byte[] encode(RenderedImage image, String format) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    if (!ImageIO.write(image, format, out) && !ImageIO.write(opaque(image), format, out)) {
      throw new IOException(
          "this image has no form as %s: convert it to TYPE_INT_RGB".formatted(format));
    }
    return out.toByteArray();
  }

  /** JPEG knows no transparency. */
  private static RenderedImage opaque(RenderedImage image) {
    BufferedImage copy =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    Graphics2D brush = copy.createGraphics();
    brush.setColor(Color.WHITE);
    brush.fillRect(0, 0, copy.getWidth(), copy.getHeight());
    brush.drawRenderedImage(image, new java.awt.geom.AffineTransform());
    brush.dispose();
    return copy;
  }

  private static RenderedImage picture(Object value) throws IOException {
    return switch (value) {
      case RenderedImage image -> image;
      case Image image -> paint(new ImageIcon(image));
      case Icon icon -> paint(icon);
      case Component component -> paint(component);
      case Shape shape -> paint(shape);
      default -> throw new IllegalArgumentException(value.getClass() + " cannot be painted");
    };
  }

  private static BufferedImage canvas(int width, int height) throws IOException {
    if (width <= 0 || height <= 0) {
      throw new IOException(
          "there is nothing to paint: its size is %d × %d".formatted(width, height));
    }
    return new BufferedImage(
        Math.min(width, MAX_SIDE), Math.min(height, MAX_SIDE), BufferedImage.TYPE_INT_ARGB);
  }

  private static Graphics2D brush(BufferedImage canvas) {
    Graphics2D brush = canvas.createGraphics();
    brush.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    brush.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    return brush;
  }

  private static BufferedImage paint(Icon icon) throws IOException {
    BufferedImage canvas = canvas(icon.getIconWidth(), icon.getIconHeight());
    Graphics2D brush = brush(canvas);
    icon.paintIcon(null, brush, 0, 0);
    brush.dispose();
    return canvas;
  }

  /** Its outline, and lightly its inside, where it lies; large ones smaller. */
  private static BufferedImage paint(Shape shape) throws IOException {
    Rectangle bounds = shape.getBounds();
    double scale =
        Math.min(1, (double) SHAPE_SIDE / Math.max(1, Math.max(bounds.width, bounds.height)));
    BufferedImage canvas =
        canvas(
            (int) Math.ceil(bounds.width * scale) + 2 * MARGIN,
            (int) Math.ceil(bounds.height * scale) + 2 * MARGIN);
    Graphics2D brush = brush(canvas);
    brush.translate(MARGIN, MARGIN);
    brush.scale(scale, scale);
    brush.translate(-bounds.x, -bounds.y);
    brush.setColor(new Color(0x1f, 0x77, 0xb4, 0x40));
    brush.fill(shape);
    brush.setColor(new Color(0x1f, 0x77, 0xb4));
    brush.setStroke(new BasicStroke((float) (2 / scale)));
    brush.draw(shape);
    brush.dispose();
    return canvas;
  }

  private static BufferedImage paint(Component component) throws IOException {
    Dimension size = component.getSize();
    if (size.width <= 0 || size.height <= 0) {
      size = component.getPreferredSize();
    }
    if (size.width <= 0 || size.height <= 0) {
      size = UNSIZED;
    }
    component.setSize(size);
    layOut(component);
    BufferedImage canvas = canvas(size.width, size.height);
    Graphics2D brush = brush(canvas);
    component.printAll(brush);
    brush.dispose();
    return canvas;
  }

  /** A component that is in no window is never laid out by itself. */
  private static void layOut(Component component) {
    component.doLayout();
    if (component instanceof Container container) {
      for (Component inner : container.getComponents()) {
        layOut(inner);
      }
    }
  }
}
