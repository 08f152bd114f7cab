package hydrocell.cell;

/**
 * A generated class by name and content. Its bytes lie under {@code class/SHA256}. Immutable.
 *
 * @param binaryName such as {@code cell.Point$1f3a$Point}
 * @param sha256 of the class file, lower-case hex
 */
public record ClassRef(String binaryName, String sha256) {}
