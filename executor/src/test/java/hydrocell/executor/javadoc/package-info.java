/** Tests of documentation. */
package hydrocell.executor.javadoc;
