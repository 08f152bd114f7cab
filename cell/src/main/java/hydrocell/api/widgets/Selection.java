package hydrocell.api.widgets;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A widget whose value is one of several, shown by their texts; the first one to begin with. */
abstract class Selection<T, W extends Selection<T, W>> extends ValueWidget<T, W> {
  private static final long serialVersionUID = 1L;
  private List<T> options = List.of();

  Selection(String name, Collection<? extends T> options) {
    super(name);
    set("disabled", false);
    set("index", 0);
    options(options);
  }

  /** Sets what there is to choose from; the first one is chosen. */
  public final W options(Collection<? extends T> all) {
    if (all.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to choose from");
    }
    options = new ArrayList<>(all);
    set("_options_labels", options.stream().map(String::valueOf).toList());
    set("index", 0);
    return self();
  }

  @Override
  String valueKey() {
    return "index";
  }

  @Override
  public T value() {
    return options.get(intOf("index"));
  }

  @Override
  public W value(T value) {
    int index = options.indexOf(value);
    if (index < 0) {
      throw new IllegalArgumentException(value + " is none of " + options);
    }
    return with("index", index);
  }

  @Override
  @Nullable Object accepted(String key, @Nullable Object value) {
    if (!key.equals("index")) {
      return value;
    }
    return value instanceof Number number
            && number.intValue() >= 0
            && number.intValue() < options.size()
        ? (Object) number.intValue()
        : get("index");
  }
}
