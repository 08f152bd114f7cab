package hydrocell.anna.wire;

import hydrocell.anna.Values;
import hydrocell.anna.lattice.Lattice;
import hydrocell.anna.lattice.LwwRegister;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What a client of a storage node may do with which keys, and until when. Who knows the node's
 * secret may do everything, and may give others a token: an access that is signed with the secret,
 * and presented in its place. The bytes are drawn in this package's description. Immutable.
 */
public final class Access {
  /** Everything, without end: that of who presents the secret itself. */
  public static final Access ALL =
      new Access("", List.of(new Grant("", EnumSet.allOf(Right.class))), Long.MAX_VALUE);

  private static final int FORMAT = 1;
  private static final String ALGORITHM = "HmacSHA256";
  private static final int MAC_BYTES = 32;

  /** What the signature is for, so that it can never stand for another one by the same secret. */
  private static final String PURPOSE = "hydrocell access";

  private final String person;
  private final List<Grant> grants;
  private final long expiresAtMs;

  /** What may be done with a key. Numbered in tokens by ordinal; append only. */
  public enum Right {
    /** Its lattice, some fields of it, and its version. */
    READ,
    /** Found by its beginning. */
    SCAN,
    /** Any delta. */
    MERGE,
    /** Only a value, whole, that the key's last segment names by the SHA-256 of its bytes. */
    ADDRESSED,
    /** Removed, with its chunks. */
    DELETE
  }

  /**
   * Rights to some keys.
   *
   * @param prefix what these keys start with
   * @param rights what may be done with them
   */
  public record Grant(String prefix, Set<Right> rights) {}

  /**
   * An access.
   *
   * @param person whom it was given to; empty for who knows the secret
   * @param expiresAtMs when it ends, since 1970; {@code Long.MAX_VALUE}: with the secret
   */
  public Access(String person, List<Grant> grants, long expiresAtMs) {
    this.person = person;
    this.grants = List.copyOf(grants);
    this.expiresAtMs = expiresAtMs;
  }

  /** Whom it was given to; empty for who knows the secret. */
  public String person() {
    return person;
  }

  /** When it ends, in milliseconds since 1970. */
  public long expiresAtMs() {
    return expiresAtMs;
  }

  /** Whether a key, or what it begins with, is granted with this right. */
  public boolean allows(Right right, String key) {
    for (Grant grant : grants) {
      if (key.startsWith(grant.prefix) && grant.rights.contains(right)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a delta may be merged under a key. */
  boolean allowsMerge(String key, Lattice delta) {
    return allows(Right.MERGE, key)
        || (allows(Right.ADDRESSED, key)
            && delta instanceof LwwRegister register
            && Values.isAddressed(key, register.stamp(), ByteBuffer.wrap(register.value())));
  }

  /** Whether a register, whose bytes are these, may be merged. */
  public boolean allowsMerge(RegisterMerge head, ByteBuffer value) {
    String key = head.key().text();
    return allows(Right.MERGE, key)
        || (allows(Right.ADDRESSED, key) && Values.isAddressed(key, head.stamp(), value));
  }

  /** This access as a token. */
  public byte[] token(byte[] secret) {
    ByteWriter out = new ByteWriter().u8(FORMAT).u64(expiresAtMs).text(person);
    out.list(grants, (w, grant) -> w.text(grant.prefix).u8(bits(grant.rights)));
    byte[] mac = mac(secret, out.view());
    return out.raw(mac, 0, mac.length).toByteArray();
  }

  /**
   * What somebody may do who presents the secret or a token.
   *
   * @throws Handshake.RefusedException when it is neither, or the token has expired
   */
  static Access of(byte[] presented, byte[] secret, long nowMs) throws Handshake.RefusedException {
    if (MessageDigest.isEqual(secret, presented)) {
      return ALL;
    }
    int signed = presented.length - MAC_BYTES;
    if (signed < 1
        || !MessageDigest.isEqual(
            mac(secret, ByteBuffer.wrap(presented, 0, signed)),
            Arrays.copyOfRange(presented, signed, presented.length))) {
      throw new Handshake.RefusedException("wrong secret");
    }
    Access access = read(new ByteReader(ByteBuffer.wrap(presented, 0, signed)));
    if (access.expiresAtMs <= nowMs) {
      throw new Handshake.RefusedException("the token has expired");
    }
    return access;
  }

  private static Access read(ByteReader in) throws Handshake.RefusedException {
    try {
      int format = in.u8();
      if (format != FORMAT) {
        throw new Handshake.RefusedException("a token has format " + format);
      }
      long expiresAtMs = in.u64();
      String person = in.text();
      List<Grant> grants = in.list(r -> new Grant(r.text(), rights(r.u8())));
      in.end();
      return new Access(person, grants, expiresAtMs);
    } catch (MalformedFrameException e) {
      throw new Handshake.RefusedException("malformed token: " + e.getMessage());
    }
  }

  private static int bits(Collection<Right> rights) {
    int bits = 0;
    for (Right right : rights) {
      bits |= 1 << right.ordinal();
    }
    return bits;
  }

  /** Rights that this build does not know are not given. */
  private static Set<Right> rights(int bits) {
    Set<Right> rights = EnumSet.noneOf(Right.class);
    for (Right right : Right.values()) {
      if ((bits >> right.ordinal() & 1) != 0) {
        rights.add(right);
      }
    }
    return rights;
  }

  private static byte[] mac(byte[] secret, ByteBuffer signed) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(secret, ALGORITHM));
      mac.update(PURPOSE.getBytes(StandardCharsets.UTF_8));
      mac.update(signed);
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
