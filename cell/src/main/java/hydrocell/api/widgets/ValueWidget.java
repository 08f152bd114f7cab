package hydrocell.api.widgets;

import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A widget with a value.
 *
 * @param <T> of the value
 * @param <W> the widget itself
 */
public abstract class ValueWidget<T, W extends ValueWidget<T, W>> extends DomWidget<W> {
  private static final long serialVersionUID = 1L;

  ValueWidget(String name) {
    super(name);
    set("description", "");
  }

  /** The value as it is now. */
  public abstract T value();

  /** Sets the value; the page shows it, and whoever observes it is told. */
  public abstract W value(T value);

  /** The name that the value has in the protocol. */
  String valueKey() {
    return "value";
  }

  @Override
  @Nullable Object observed(String key) {
    return key.equals(valueKey()) || key.equals("value") ? value() : super.observed(key);
  }

  /** Does something with every new value. */
  @SuppressWarnings("unchecked")
  public W onChange(Consumer<? super T> action) {
    // What observers of this key are given is a value of this type.
    observe(valueKey(), (Consumer<Object>) (Consumer<?>) action);
    return self();
  }

  /** Shows below it what a function makes of its value, now and whenever it changes. */
  public VBox interact(Function<? super T, ?> function) {
    return Interaction.of(new Interaction.One<>(this, function), this);
  }
}
