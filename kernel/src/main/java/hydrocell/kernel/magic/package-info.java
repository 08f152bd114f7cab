/**
 * Lines that begin with {@code %}: commands to the kernel. {@link hydrocell.kernel.magic.Magics}
 * knows them all; each is a {@link hydrocell.kernel.magic.Magic}.
 */
@org.jspecify.annotations.NullMarked
package hydrocell.kernel.magic;
