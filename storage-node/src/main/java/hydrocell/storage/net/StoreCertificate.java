package hydrocell.storage.net;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * By what a shared store proves to clients on other machines that it is that store: a key and a
 * chain of certificates, in one PEM file that only its operator can read. Made when it is first
 * needed, unless the operator has put their own there. Immutable.
 *
 * @param chain the store's own certificate first
 */
public record StoreCertificate(PrivateKey key, List<X509Certificate> chain) {
  /** What clients are told who are to trust certificates by those whom their JDK trusts. */
  public static final String AUTHORITIES = "authorities";

  /** What a certificate's fingerprint starts with. */
  static final String SHA_256 = "sha256:";

  /** TLS 1.3 alone: both ends are ours. */
  static final String PROTOCOL = "TLSv1.3";

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
  private static final List<String> KEY_ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  /** The tool protects a file with it that exists for a moment, in a private folder. */
  private static final String PASSWORD = "hydrocell";

  private static final String DAYS = "36500";
  private static final long TOOL_LIMIT_S = 60;

  /** Reads the file; makes it if there is none. Throws with a message that says what to do. */
  public static StoreCertificate at(Path file) throws IOException {
    if (!Files.exists(file)) {
      make(file);
    }
    try {
      return read(Files.readString(file, StandardCharsets.US_ASCII));
    } catch (GeneralSecurityException | IllegalArgumentException | IOException e) {
      throw new IOException(
          "%s cannot be used (%s): it holds a private key (PKCS #8, unencrypted) and the certificates for it in PEM, the store's own first; without it the store makes its own"
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static StoreCertificate read(String pem) throws GeneralSecurityException {
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    List<X509Certificate> chain = new ArrayList<>();
    PrivateKey key = null;
    Matcher blocks = BLOCK.matcher(pem);
    while (blocks.find()) {
      byte[] bytes = Base64.getMimeDecoder().decode(blocks.group(2));
      if (blocks.group(1).equals("CERTIFICATE")) {
        chain.add(
            (X509Certificate) certificates.generateCertificate(new ByteArrayInputStream(bytes)));
      } else if (blocks.group(1).equals("PRIVATE KEY")) {
        key = key(bytes);
      }
    }
    if (key == null || chain.isEmpty()) {
      throw new CertificateException(
          key == null ? "no PRIVATE KEY is in it" : "no CERTIFICATE is in it");
    }
    return new StoreCertificate(key, List.copyOf(chain));
  }

  private static PrivateKey key(byte[] bytes) throws GeneralSecurityException {
    GeneralSecurityException last = null;
    for (String algorithm : KEY_ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(bytes));
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw new GeneralSecurityException("its key is none of " + KEY_ALGORITHMS, last);
  }

  /** The JDK has no other way to make a certificate than its tool. */
  private static void make(Path file) throws IOException {
    Path folder = Files.createTempDirectory("hydrocell");
    Path store = folder.resolve("store.p12");
    Path fresh = file.resolveSibling(".tls-" + ProcessHandle.current().pid());
    try {
      runTool(store);
      Files.deleteIfExists(fresh);
      Files.createFile(
          fresh,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(fresh, pem(store), StandardCharsets.US_ASCII);
      // Of two that make one at once, the first counts.
      Files.createLink(file, fresh);
    } catch (FileAlreadyExistsException e) {
      return;
    } catch (GeneralSecurityException e) {
      throw new IOException("the JDK cannot read the certificate that it made: " + e, e);
    } finally {
      Files.deleteIfExists(fresh);
      Files.deleteIfExists(store);
      Files.deleteIfExists(folder);
    }
  }

  private static void runTool(Path store) throws IOException {
    Process tool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "store",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-sigalg",
                "SHA256withECDSA",
                "-dname",
                "CN=Hydrocell shared store",
                "-validity",
                DAYS,
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    tool.getOutputStream().close();
    try {
      String said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!tool.waitFor(TOOL_LIMIT_S, TimeUnit.SECONDS) || tool.exitValue() != 0) {
        throw new IOException("the JDK's keytool made no certificate: " + said.strip());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a certificate was made", e);
    } finally {
      tool.destroyForcibly();
    }
  }

  private static String pem(Path store) throws IOException, GeneralSecurityException {
    KeyStore made = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      made.load(in, PASSWORD.toCharArray());
    }
    StringBuilder pem = new StringBuilder();
    block(pem, "PRIVATE KEY", made.getKey("store", PASSWORD.toCharArray()).getEncoded());
    for (Certificate each : made.getCertificateChain("store")) {
      block(pem, "CERTIFICATE", each.getEncoded());
    }
    return pem.toString();
  }

  private static void block(StringBuilder pem, String what, byte[] bytes) {
    String lines =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(bytes);
    pem.append("-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(what, lines, what));
  }

  /** What clients know this by: its fingerprint if it vouches for itself, else its authority. */
  public String knownBy() {
    X509Certificate own = chain.getFirst();
    boolean selfMade = own.getIssuerX500Principal().equals(own.getSubjectX500Principal());
    return selfMade ? fingerprint(own) : AUTHORITIES;
  }

  /** A certificate's fingerprint. */
  static String fingerprint(X509Certificate certificate) {
    try {
      return SHA_256
          + HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate has no bytes to make a fingerprint of", e);
    }
  }

  /** What a listening store needs. */
  public SslContext serverContext() throws IOException {
    return SslContextBuilder.forServer(key, chain)
        .sslProvider(SslProvider.JDK)
        .protocols(PROTOCOL)
        .build();
  }
}
