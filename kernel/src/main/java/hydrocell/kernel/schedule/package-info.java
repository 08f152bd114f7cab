/**
 * Which asynchronous cells may run, and on what. {@link hydrocell.kernel.schedule.Schedule} keeps
 * the order that names and outside effects ask for; {@link hydrocell.kernel.schedule.Footprint}
 * says what a cell touches. Nothing here waits, has threads, or talks to anybody, so that a test
 * runs thousands of programs from one seed.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.schedule;
