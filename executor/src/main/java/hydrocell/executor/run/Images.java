package hydrocell.executor.run;

import java.awt.image.RenderedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Pictures as PNG. A class of its own, so that AWT is loaded only when there is a picture. */
final class Images {
  private Images() {}

  /** Base64 of the PNG. */
  static String png(RenderedImage image) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ImageIO.setUseCache(false);
    if (!ImageIO.write(image, "png", out)) {
      throw new IOException("this image has no form as PNG: convert it to TYPE_INT_ARGB");
    }
    return Base64.getEncoder().encodeToString(out.toByteArray());
  }
}
