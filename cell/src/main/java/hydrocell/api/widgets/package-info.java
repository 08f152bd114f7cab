/**
 * Widgets on the page, by the protocol of Jupyter Widgets 2 ({@code ipywidgets} brings the page's
 * side). {@link hydrocell.api.widgets.Widget} is what all of them are: state that both ends hold
 * and tell each other. What is done with their values and presses are lambdas of the notebook, and
 * part of its state.
 *
 * <pre>{@code
 * import hydrocell.api.widgets.*;
 * var speed = new IntSlider(0, 100).description("speed");
 * speed.onChange(v -> total += v);
 * speed
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.api.widgets;
