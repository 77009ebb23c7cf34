package dev.islet.dns;

import dev.islet.core.service.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A client's side of TLS: trusts one certificate, that of the server under test. */
final class Secure {
  private final SSLContext context;

  private Secure(SSLContext context) {
    this.context = context;
  }

  /** Trusts what a server made for itself in its data folder. */
  static Secure of(Path home) throws IOException {
    return trusting(certificate(home));
  }

  static Path certificate(Path home) {
    return home.resolve("dns/tls/cert.pem");
  }

  static Secure trusting(Path pem) throws IOException {
    try (InputStream in = Files.newInputStream(pem)) {
      var certificate = CertificateFactory.getInstance("X.509").generateCertificate(in);
      var store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setCertificateEntry("server", certificate);
      var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(store);
      var context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return new Secure(context);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  SSLContext context() {
    return context;
  }

  static InetSocketAddress endpoint(DnsServer server, String name) {
    return server.endpoints().stream()
        .filter(e -> e.protocol().equals(name))
        .map(Endpoint::address)
        .findFirst()
        .orElseThrow();
  }

  static InetSocketAddress dot(DnsServer server) {
    return endpoint(server, "dns/tls");
  }

  static InetSocketAddress doh(DnsServer server) {
    return endpoint(server, "dns/https");
  }

  /** A connection whose handshake is done, its name checked. */
  SSLSocket connect(InetSocketAddress server, String... protocols) throws IOException {
    var plain = new java.net.Socket();
    plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getPort()), 5_000);
    var socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "localhost", server.getPort(), true);
    var parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(protocols);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout(Asker.PATIENCE);
    socket.startHandshake();
    return socket;
  }

  /** A connection of DNS over TLS. */
  Asker.Stream stream(DnsServer server) throws IOException {
    return new Asker.Stream(connect(dot(server), "dot"));
  }
}
