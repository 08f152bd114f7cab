/**
 * What notebooks of the kernels JJava and IJava call: {@link hydrocell.api.jjava.JJava} leads to
 * the kernel, whose {@link hydrocell.api.jjava.Renderer} takes registrations. The compiler puts
 * these types in place of those of the other kernels' packages. New notebooks use {@link
 * hydrocell.api.Hydrocell}.
 *
 * <pre>{@code
 * JJava.getKernelInstance().getRenderer()
 *     .createRegistration(Point.class)
 *     .preferring(MIMEType.TEXT_HTML)
 *     .register((point, context) ->
 *         context.renderIfRequested(MIMEType.TEXT_HTML, () -> "<b>" + point + "</b>"));
 * }</pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.api.jjava;
