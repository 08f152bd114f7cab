/** Cell executors as their kernels see them; {@code TestNotebook} is such a kernel. */
package hydrocell.executor.run;
