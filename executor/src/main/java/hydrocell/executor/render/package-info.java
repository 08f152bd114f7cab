/**
 * A value as the page shows it. {@link hydrocell.executor.render.Rendering} asks, in this order: a
 * renderer that somebody registered, the value itself, what is known of the JDK's and of libraries'
 * types, what has rows and columns, and its text. Everything is bounded and says what is left out.
 *
 * <p>All of it calls methods of the user's and so runs on the user's threads only.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.executor.render;
