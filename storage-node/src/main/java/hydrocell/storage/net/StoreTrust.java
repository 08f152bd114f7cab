package hydrocell.storage.net;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Locale;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Which store a client takes for the one it means, as {@code certificate} of a token file says: the
 * one with this very certificate ({@code sha256:…}), or one that the JDK's authorities ({@code
 * authorities}) or those in a PEM file (its path) vouch for under its host's name.
 */
final class StoreTrust {
  private StoreTrust() {}

  /** What a connecting client needs. Throws with a message that says what to do. */
  static SslContext of(String certificate) throws IOException {
    SslContextBuilder builder =
        SslContextBuilder.forClient()
            .sslProvider(SslProvider.JDK)
            .protocols(StoreCertificate.PROTOCOL);
    if (certificate.startsWith(StoreCertificate.SHA_256)) {
      return builder
          .trustManager(new Pinned(certificate.toLowerCase(Locale.ROOT)))
          .endpointIdentificationAlgorithm(null)
          .build();
    }
    builder.endpointIdentificationAlgorithm("HTTPS");
    if (certificate.equals(StoreCertificate.AUTHORITIES)) {
      return builder.build();
    }
    Path file = Path.of(certificate);
    if (!file.isAbsolute() || !Files.isReadable(file)) {
      throw new IOException(
          "its certificate is '%s', which is neither sha256: and a fingerprint, nor 'authorities', nor the absolute path of a PEM file that can be read"
              .formatted(certificate));
    }
    try {
      return builder.trustManager(file.toFile()).build();
    } catch (IllegalArgumentException e) {
      throw new IOException("%s holds no certificates in PEM".formatted(file), e);
    }
  }

  /** Another certificate than the one that is expected. */
  static final class OtherCertificateException extends CertificateException {
    private static final long serialVersionUID = 1L;

    OtherCertificateException(String message) {
      super(message);
    }
  }

  /** Trusts one certificate, whatever is in it. */
  private static final class Pinned extends X509ExtendedTrustManager {
    private final String fingerprint;

    Pinned(String fingerprint) {
      this.fingerprint = fingerprint;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      String shown = StoreCertificate.fingerprint(chain[0]);
      if (!shown.equals(fingerprint)) {
        throw new OtherCertificateException("it shows " + shown);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw noClient();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw noClient();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw noClient();
    }

    private static CertificateException noClient() {
      return new CertificateException("clients are known by tokens");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
