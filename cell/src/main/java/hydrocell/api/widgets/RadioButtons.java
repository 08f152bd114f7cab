package hydrocell.api.widgets;

import java.util.Arrays;
import java.util.Collection;

/** One of several, all of them visible. */
public final class RadioButtons<T> extends Selection<T, RadioButtons<T>> {
  private static final long serialVersionUID = 1L;

  /** These to choose from. */
  public RadioButtons(Collection<? extends T> options) {
    super("RadioButtons", options);
  }

  /** These to choose from. */
  @SafeVarargs
  public RadioButtons(T... options) {
    this(Arrays.asList(options));
  }
}
