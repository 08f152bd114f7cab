package hydrocell.executor.render;

import java.util.Collections;
import java.util.Set;

/**
 * Whether a value is one of AWT's or Swing's, told by names: these classes are not to be loaded for
 * values that have nothing to do with them.
 */
final class Desktop {
  private static final Set<String> PICTURES =
      Set.of(
          "java.awt.Image",
          "java.awt.image.RenderedImage",
          "javax.swing.Icon",
          "java.awt.Component",
          "java.awt.Shape");
  private static final Set<String> OTHERS = Set.of("java.awt.Color", "java.awt.Font");

  private Desktop() {}

  /** Whether {@link DesktopForms} has forms for what has these ancestors. */
  static boolean knows(Set<String> ancestry) {
    return canPaint(ancestry) || !Collections.disjoint(ancestry, OTHERS);
  }

  /** Whether what has these ancestors can be painted. */
  static boolean canPaint(Set<String> ancestry) {
    return !Collections.disjoint(ancestry, PICTURES);
  }
}
