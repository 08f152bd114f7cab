package hydrocell.api.jjava;

import java.util.Set;
import java.util.concurrent.Callable;

/** What a {@link RenderFunction} is asked for, and where it puts it. For one thread. */
public final class RenderContext {
  private final Set<String> wanted;
  private final DisplayData output = new DisplayData();

  /** With the MIME types that are wanted; none of them means all. */
  RenderContext(Set<String> wanted) {
    this.wanted = wanted;
  }

  /** Whether a form is wanted. */
  public boolean wantsDataRenderedAs(MIMEType type) {
    return wanted.isEmpty() || wanted.contains(type.type()) || wanted.contains("*/*");
  }

  /** Adds a form if it is wanted. */
  public void renderIfRequested(MIMEType type, Callable<?> form) {
    if (wantsDataRenderedAs(type)) {
      try {
        output.putData(type, form.call());
      } catch (RuntimeException e) {
        throw e;
      } catch (Exception e) {
        throw new IllegalStateException("the form as " + type + " cannot be made", e);
      }
    }
  }

  /** Adds a form if it is wanted. */
  public void renderIfRequested(String type, Callable<?> form) {
    renderIfRequested(MIMEType.parse(type), form);
  }

  /** Where forms go. */
  public DisplayData getOutputContainer() {
    return output;
  }

  /** What renders values inside this one. */
  public Renderer getRenderer() {
    return new Renderer();
  }
}
