/**
 * What makes the parts one program: {@link hydrocell.install.LocalNodeMain} runs storage node and
 * executor host for one person, {@link hydrocell.install.CommandLine} is what {@code
 * install/hydrocell} asks for in Java, {@link hydrocell.install.Assembly} lays out the folder that
 * processes are started from and trains their start-up caches.
 *
 * <pre>
 * DATA/node.lock   text, one line each: host=NAME  boot=ID  pid=NUMBER; emptied at a good end
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.install;
