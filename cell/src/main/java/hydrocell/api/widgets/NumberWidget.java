package hydrocell.api.widgets;

import org.jspecify.annotations.Nullable;

/** A widget whose value is a number between two others. */
abstract class NumberWidget<T extends Number, W extends NumberWidget<T, W>>
    extends ValueWidget<T, W> {
  private static final long serialVersionUID = 1L;

  NumberWidget(String name) {
    super(name);
  }

  /** A number as this widget's value. */
  abstract T of(Number number);

  final void start(T value, T min, T max) {
    if (min.doubleValue() > max.doubleValue()) {
      throw new IllegalArgumentException(
          "the least value %s is above the most, %s".formatted(min, max));
    }
    set("min", min);
    set("max", max);
    set("value", bounded(value));
  }

  private T bounded(Number number) {
    double least = get("min") instanceof Number min ? min.doubleValue() : -Double.MAX_VALUE;
    double most = get("max") instanceof Number max ? max.doubleValue() : Double.MAX_VALUE;
    double value = number.doubleValue();
    return value < least ? of(least) : value > most ? of(most) : of(number);
  }

  @Override
  public T value() {
    return get("value") instanceof Number number ? of(number) : of(0);
  }

  @Override
  public W value(T value) {
    return with("value", bounded(value));
  }

  /** Sets the least and the most value. */
  public W range(T min, T max) {
    start(value(), min, max);
    return self();
  }

  @Override
  @Nullable Object accepted(String key, @Nullable Object value) {
    if (!key.equals("value")) {
      return super.accepted(key, value);
    }
    return value instanceof Number number ? bounded(number) : get("value");
  }
}
