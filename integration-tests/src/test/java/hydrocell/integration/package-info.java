/**
 * Real clients against an installed copy: {@link hydrocell.integration.TestBench} gives each test a
 * home of its own, runs Python helpers, and sees to it that no process is left.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.integration;
