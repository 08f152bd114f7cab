/**
 * What makes the parts one program: {@link hydrocell.install.LocalNodeMain} runs storage node and
 * executor host for one person, {@link hydrocell.install.CommandLine} is what {@code
 * install/hydrocell} asks for in Java, {@link hydrocell.install.Assembly} lays out the folder that
 * processes are started from and trains their start-up caches.
 *
 * <pre>
 * DATA/node.lock        text, one line each: host=NAME  boot=ID  pid=NUMBER; emptied at a good end
 * DATA/installed/KEY/   of a wheel's jars and a JDK (KEY names both), made by the kernel's launcher:
 *   jars                the folder of the jars; touched by every start of a kernel
 *   ROLE.args           how a process is started
 *   ROLE.aot            its start-up cache, made by {@link hydrocell.install.FirstUse}
 *   trained             there once caches are made; holds what went wrong
 *   train.lock          locked by who makes them
 *   training/           where they are made
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package hydrocell.install;
