package hydrocell.api.widgets;

import hydrocell.api.Hydrocell;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What a function makes of widgets' values, shown below them whenever one of them changes. */
public final class Interaction implements Consumer<Object> {
  private final Output output;
  private final Result result;

  private Interaction(Output output, Result result) {
    this.output = output;
    this.result = result;
  }

  /** Of three values. */
  @FunctionalInterface
  public interface TriFunction<A, B, C, R> {
    /** The result. */
    R apply(A a, B b, C c);
  }

  /** What is shown; asks the widgets for their values. */
  interface Result {
    @Nullable Object get();
  }

  record One<A>(ValueWidget<A, ?> a, Function<? super A, ?> function) implements Result {
    @Override
    public @Nullable Object get() {
      return function.apply(a.value());
    }
  }

  record Two<A, B>(
      ValueWidget<A, ?> a, ValueWidget<B, ?> b, BiFunction<? super A, ? super B, ?> function)
      implements Result {
    @Override
    public @Nullable Object get() {
      return function.apply(a.value(), b.value());
    }
  }

  record Three<A, B, C>(
      ValueWidget<A, ?> a,
      ValueWidget<B, ?> b,
      ValueWidget<C, ?> c,
      TriFunction<? super A, ? super B, ? super C, ?> function)
      implements Result {
    @Override
    public @Nullable Object get() {
      return function.apply(a.value(), b.value(), c.value());
    }
  }

  /** Shows what a function makes of the values of two widgets. */
  public static <A, B> VBox interact(
      ValueWidget<A, ?> a, ValueWidget<B, ?> b, BiFunction<? super A, ? super B, ?> function) {
    return of(new Two<>(a, b, function), a, b);
  }

  /** Shows what a function makes of the values of three widgets. */
  public static <A, B, C> VBox interact(
      ValueWidget<A, ?> a,
      ValueWidget<B, ?> b,
      ValueWidget<C, ?> c,
      TriFunction<? super A, ? super B, ? super C, ?> function) {
    return of(new Three<>(a, b, c, function), a, b, c);
  }

  static VBox of(Result result, ValueWidget<?, ?>... widgets) {
    Output output = new Output();
    Interaction interaction = new Interaction(output, result);
    for (ValueWidget<?, ?> widget : widgets) {
      widget.observe(widget.valueKey(), interaction);
    }
    interaction.accept(null);
    List<Widget> all = new ArrayList<>(Arrays.asList(widgets));
    all.add(output);
    return new VBox(all);
  }

  /** A value has changed. What the function prints and what it throws is shown as well. */
  @Override
  public void accept(@Nullable Object changed) {
    try {
      output.capture(() -> {
        Hydrocell.clearOutput(true);
        Object made = result.get();
        if (made != null) {
          Hydrocell.display(made);
        }
      });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
