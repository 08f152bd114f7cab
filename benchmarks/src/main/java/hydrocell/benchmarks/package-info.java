/**
 * Side by side with peers: {@link hydrocell.benchmarks.AnnaAgainstRedis} for the store; whole
 * notebooks are timed by {@code src/main/python/notebooks.py}.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.benchmarks;
