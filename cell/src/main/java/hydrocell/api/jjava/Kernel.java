package hydrocell.api.jjava;

import hydrocell.api.Hydrocell;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What cells of IJava, JJava and Ganymede call by its plain name. */
// They are there to be called: what they throw says what to use instead.
@SuppressWarnings("DoNotCallSuggester")
public final class Kernel {
  private Kernel() {}

  /** The kernel of this notebook. */
  public static JavaKernel getKernelInstance() {
    return new JavaKernel();
  }

  /** Shows a value, as Ganymede does. */
  public static void print(@Nullable Object value) {
    Hydrocell.display(value);
  }

  /** Runs code in other kernels; here it says what does. */
  public static @Nullable Object eval(String code) {
    throw Replaced.eval();
  }

  /** Runs a command in other kernels; here it says what does. */
  public static <T> T lineMagic(String name, List<String> arguments) {
    throw Replaced.by(
        "commands", "`%%%s %s` on a line of its own".formatted(name, String.join(" ", arguments)));
  }

  /** Runs a command in other kernels; here it says what does. */
  public static <T> T cellMagic(String name, List<String> arguments, String body) {
    throw Replaced.by("commands", "`%%%%%s` at the top of a cell of its own".formatted(name));
  }
}
