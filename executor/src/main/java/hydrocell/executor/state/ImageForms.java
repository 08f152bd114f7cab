package hydrocell.executor.state;

import java.awt.image.BufferedImage;
import org.jspecify.annotations.Nullable;

/** Pictures by their pixels. Apart from the other forms, so that AWT is loaded only when used. */
final class ImageForms {
  private ImageForms() {}

  static Form of(Class<?> type) {
    return PartsForm.<BufferedImage>built(type, ImageForms::take, ImageForms::build);
  }

  private static @Nullable Object[] take(BufferedImage image) {
    int kind =
        image.getType() == BufferedImage.TYPE_CUSTOM
                || image.getType() == BufferedImage.TYPE_BYTE_BINARY
                || image.getType() == BufferedImage.TYPE_BYTE_INDEXED
            ? BufferedImage.TYPE_INT_ARGB
            : image.getType();
    int[] pixels =
        image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    return new Object[] {kind, image.getWidth(), image.getHeight(), pixels};
  }

  private static Object build(@Nullable Object[] parts) throws CorruptValueException {
    if (parts.length != 4
        || !(parts[0] instanceof Integer kind)
        || !(parts[1] instanceof Integer width)
        || !(parts[2] instanceof Integer height)
        || !(parts[3] instanceof int[] pixels)
        || (long) width * height != pixels.length) {
      throw new CorruptValueException("a picture's parts do not fit together");
    }
    BufferedImage image = new BufferedImage(width, height, kind);
    image.setRGB(0, 0, width, height, pixels, 0, width);
    return image;
  }
}
