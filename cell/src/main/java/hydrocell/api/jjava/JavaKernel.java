package hydrocell.api.jjava;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The kernel, as cells of other kernels see it. It holds nothing. What would need the kernel's own
 * process from within a cell says what to use instead.
 */
// They are there to be called: what they throw says what to use instead.
@SuppressWarnings("DoNotCallSuggester")
public final class JavaKernel {
  JavaKernel() {}

  /** What takes registrations of renderers. */
  public Renderer getRenderer() {
    return new Renderer();
  }

  /** What took registrations of commands. */
  public Magics getMagics() {
    return new Magics();
  }

  /** The same under JJava's later name. */
  public Magics getMagicsRegistry() {
    return getMagics();
  }

  /** Shows something below the cell. */
  public void display(DisplayData data) {
    hydrocell.api.Hydrocell.display(data);
  }

  /** Runs code in other kernels; here it says what does. */
  public @Nullable Object eval(String code) {
    throw Replaced.eval();
  }

  /** Runs code in other kernels; here it says what does. */
  public @Nullable Object evalRaw(String code) {
    throw Replaced.eval();
  }

  /** Adds libraries in other kernels; here it says what does. */
  public void addToClasspath(List<String> paths) {
    throw Replaced.by("the class path", "`%jars PATH…` or `%classpath PATH…` on a line of its own");
  }

  /** Adds libraries in other kernels; here it says what does. */
  public void addToClasspath(String... paths) {
    addToClasspath(List.of(paths));
  }
}
