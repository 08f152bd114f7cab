package hydrocell.api.widgets;

import java.util.Arrays;
import java.util.Collection;

/** One of several, from a list that stands open. */
public final class Select<T> extends Selection<T, Select<T>> {
  private static final long serialVersionUID = 1L;

  /** These to choose from. */
  public Select(Collection<? extends T> options) {
    super("Select", options);
  }

  /** These to choose from. */
  @SafeVarargs
  public Select(T... options) {
    this(Arrays.asList(options));
  }
}
