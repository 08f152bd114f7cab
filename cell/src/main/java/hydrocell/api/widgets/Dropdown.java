package hydrocell.api.widgets;

import java.util.Arrays;
import java.util.Collection;

/** One of several, from a list that opens. */
public final class Dropdown<T> extends Selection<T, Dropdown<T>> {
  private static final long serialVersionUID = 1L;

  /** These to choose from. */
  public Dropdown(Collection<? extends T> options) {
    super("Dropdown", options);
  }

  /** These to choose from. */
  @SafeVarargs
  public Dropdown(T... options) {
    this(Arrays.asList(options));
  }
}
