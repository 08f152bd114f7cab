package hydrocell.kernel.debug;

/**
 * A line of a cell at which to stop.
 *
 * @param line from 1
 * @param condition an {@link Expression} that must hold there; empty for always
 */
record Stop(int line, String condition) {}
