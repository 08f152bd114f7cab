/** Tests of messages and signatures, hostile ones too. */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.protocol;
