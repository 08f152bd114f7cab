/** Tests of commands; begin with {@link hydrocell.kernel.magic.CommandLineTest}. */
package hydrocell.kernel.magic;
