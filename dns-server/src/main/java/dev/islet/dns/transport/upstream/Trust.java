package dev.islet.dns.transport.upstream;

import dev.islet.core.tls.TlsIdentity;
import dev.islet.dns.resolve.Protection;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/** Whom we believe to be the server that we want to ask. */
public final class Trust {
  private final List<X509Certificate> more;
  private @Nullable SSLContext authorities;

  private Trust(List<X509Certificate> more) {
    this.more = more;
  }

  /**
   * The system's authorities, and more.
   *
   * @param files PEM files with certificates
   * @throws IOException naming the file that cannot be used
   */
  public static Trust of(List<Path> files) throws IOException {
    var more = new ArrayList<X509Certificate>();
    for (var file : files) {
      more.addAll(read(file));
    }
    return new Trust(more);
  }

  /** Made when it is first needed: the system's authorities cost memory. */
  private synchronized SSLContext authorities() {
    var made = authorities;
    if (made == null) {
      made = context(managers());
      authorities = made;
    }
    return made;
  }

  private TrustManager[] managers() {
    try {
      var system = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      system.init((KeyStore) null);
      if (more.isEmpty()) {
        return system.getTrustManagers();
      }
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      for (var manager : system.getTrustManagers()) {
        if (manager instanceof X509TrustManager x509) {
          for (var issuer : x509.getAcceptedIssuers()) {
            store.setCertificateEntry("" + store.size(), issuer);
          }
        }
      }
      for (var certificate : more) {
        store.setCertificateEntry("" + store.size(), certificate);
      }
      var all = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      all.init(store);
      return all.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this JDK lacks TLS", e);
    }
  }

  private static List<X509Certificate> read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
          .map(X509Certificate.class::cast)
          .toList();
    } catch (CertificateException e) {
      throw new IOException(file + ": no certificates in PEM form: " + e.getMessage(), e);
    }
  }

  /**
   * A client's side of a handshake; it fails unless the server is the one that is meant.
   *
   * @param protocol of ALPN
   */
  SSLEngine engine(Protection protection, int port, String protocol) {
    boolean pinned = !protection.pins().isEmpty();
    var context =
        pinned ? context(new TrustManager[] {new Pinned(protection.pins())}) : authorities();
    var engine = context.createSSLEngine(protection.name(), port);
    engine.setUseClientMode(true);
    var parameters = engine.getSSLParameters();
    parameters.setProtocols(TlsIdentity.PROTOCOLS.toArray(String[]::new));
    parameters.setApplicationProtocols(new String[] {protocol});
    if (!pinned) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 8310 section 8.1
    }
    if (!literal(protection.name())) {
      parameters.setServerNames(List.of(new SNIHostName(protection.name())));
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static boolean literal(String name) {
    try {
      return InetAddress.ofLiteral(name).getAddress().length > 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static SSLContext context(TrustManager[] managers) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(null, managers, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks TLS", e);
    }
  }

  /** Believes who has one of these public keys, and nobody else. */
  private static final class Pinned extends X509ExtendedTrustManager {
    private final Set<String> pins;

    Pinned(Set<String> pins) {
      this.pins = pins;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
      try {
        var key = chain[0].getPublicKey().getEncoded();
        var digest = MessageDigest.getInstance("SHA-256").digest(key);
        var pin = Base64.getEncoder().encodeToString(digest);
        if (!pins.contains(pin)) {
          throw new CertificateException("the server's key is " + pin + ", which is not pinned");
        }
      } catch (GeneralSecurityException e) {
        throw e instanceof CertificateException c ? c : new CertificateException(e);
      }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("not a server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
