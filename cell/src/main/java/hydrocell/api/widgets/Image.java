package hydrocell.api.widgets;

import hydrocell.api.CellRuntime;
import java.util.Base64;

/** A picture that can be changed where it stands. */
public final class Image extends DomWidget<Image> {
  private static final long serialVersionUID = 1L;

  /** A picture, such as a {@code BufferedImage}, or the bytes of one as PNG. */
  public Image(Object picture) {
    super("Image");
    set("format", "png");
    set("width", "");
    set("height", "");
    set("value", png(picture));
    // A box would otherwise stretch it to its own width.
    layout("align_self", "flex-start");
  }

  /** Shows another picture. */
  public Image value(Object picture) {
    return with("value", png(picture));
  }

  private static byte[] png(Object picture) {
    if (picture instanceof byte[] bytes) {
      return bytes;
    }
    String form = CellRuntime.output().render(picture, "image/png").get("image/png");
    if (form == null) {
      throw new IllegalArgumentException("a %s is no picture".formatted(picture.getClass()));
    }
    return Base64.getDecoder().decode(form);
  }
}
