package hydrocell.cell;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A generated class with its bytes. The array must not be changed.
 *
 * @param ref name and content hash
 * @param bytes the class file
 */
public record ClassFile(ClassRef ref, byte[] bytes) {
  /** Computes the hash. */
  public static ClassFile of(String binaryName, byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return new ClassFile(new ClassRef(binaryName, HexFormat.of().formatHex(hash)), bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
