package dev.islet.core.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.islet.core.time.TimeSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsIdentityTest {
  @TempDir Path folder;

  private final Clock clock = new Clock();

  @Test
  void a_certificate_is_made_kept_and_found_again() throws Exception {
    var first = TlsIdentity.selfSigned(folder, List.of("www.home.arpa", "127.0.0.1", "::1"));
    var second = TlsIdentity.selfSigned(folder, List.of("::1", "WWW.home.arpa", "127.0.0.1"));

    assertThat(second.fingerprint()).isEqualTo(first.fingerprint()).hasSize(64);
    assertThat(Files.getPosixFilePermissions(folder.resolve("key.pem")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    var certificate = first.certificate();
    assertThat(certificate.getBasicConstraints()).isEqualTo(-1);
    assertThat(certificate.getKeyUsage()[0]).isTrue();
    assertThat(certificate.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(certificate.getSubjectAlternativeNames())
        .extracting(name -> name.get(1).toString())
        .containsExactly("www.home.arpa", "127.0.0.1", "0:0:0:0:0:0:0:1");
    certificate.verify(certificate.getPublicKey());
  }

  @Test
  void openssl_reads_it_and_agrees() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    TlsIdentity.selfSigned(
        folder, List.of("www.home.arpa", "*.home.arpa", "192.168.7.1", "fd00::1"));
    var cert = folder.resolve("cert.pem").toString();

    assertThat(
            run(
                "openssl",
                "verify",
                "-x509_strict",
                "-purpose",
                "sslserver",
                "-verify_hostname",
                "web1.home.arpa",
                "-verify_ip",
                "192.168.7.1",
                "-CAfile",
                cert,
                cert))
        .contains("OK");
    assertThat(run("openssl", "x509", "-in", cert, "-noout", "-text"))
        .contains("Version: 3", "ecdsa-with-SHA256", "prime256v1", "CA:FALSE")
        .contains("Digital Signature", "TLS Web Server Authentication")
        .contains("DNS:www.home.arpa, DNS:*.home.arpa, IP Address:192.168.7.1, IP Address:FD00:");
    assertThat(
            run("openssl", "pkey", "-in", folder.resolve("key.pem").toString(), "-noout", "-check"))
        .contains("Key is valid");
  }

  @Test
  void it_is_renewed_with_the_same_key_when_due_or_when_names_change() throws Exception {
    var identity =
        TlsIdentity.selfSigned(folder, List.of("a.home.arpa"), clock, new SecureRandom());
    var first = identity.certificate();
    clock.wall = clock.wall.plus(Duration.ofDays(365));
    assertThat(identity.reload()).isFalse();
    clock.wall = clock.wall.plus(Duration.ofDays(2));
    assertThat(identity.reload()).isTrue();
    var second = identity.certificate();
    assertThat(second.getPublicKey()).isEqualTo(first.getPublicKey());
    assertThat(second.getNotAfter().toInstant()).isAfter(first.getNotAfter().toInstant());
    assertThat(second.getSerialNumber()).isNotEqualTo(first.getSerialNumber());

    var other = TlsIdentity.selfSigned(folder, List.of("b.home.arpa"), clock, new SecureRandom());
    assertThat(other.certificate().getPublicKey()).isEqualTo(first.getPublicKey());
    assertThat(SelfSigned.names(other.certificate(), List.of("b.home.arpa"))).isTrue();
  }

  @Test
  void a_clock_that_woke_up_in_the_past_makes_no_certificate_that_is_over() throws Exception {
    clock.wall = Instant.EPOCH;
    var identity =
        TlsIdentity.selfSigned(folder, List.of("a.home.arpa"), clock, new SecureRandom());
    assertThat(identity.certificate().getNotAfter().toInstant())
        .isAfter(Instant.parse("2027-01-01T00:00:00Z"));
  }

  @Test
  void services_that_start_together_share_one_identity() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var starts = new ArrayList<Future<String>>();
      for (int i = 0; i < 16; i++) {
        starts.add(
            threads.submit(
                () -> TlsIdentity.selfSigned(folder, List.of("x.home.arpa")).fingerprint()));
      }
      var prints = new java.util.HashSet<String>();
      for (var start : starts) {
        prints.add(start.get(20, TimeUnit.SECONDS));
      }
      assertThat(prints).hasSize(1);
    }
  }

  @Test
  void only_new_versions_and_authenticated_suites_are_offered() {
    var parameters = TlsIdentity.parameters();
    assertThat(parameters.getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(parameters.getCipherSuites())
        .contains("TLS_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")
        .allMatch(s -> s.contains("GCM") || s.contains("CHACHA20"))
        .noneMatch(s -> s.contains("CBC") || s.startsWith("TLS_RSA_"));
  }

  @Test
  void pem_files_are_replaced_live_and_bad_ones_leave_the_old_in_force() throws Exception {
    var a = Files.createDirectory(folder.resolve("a"));
    var b = Files.createDirectory(folder.resolve("b"));
    TlsIdentity.selfSigned(a, List.of("a.home.arpa"));
    TlsIdentity.selfSigned(b, List.of("b.home.arpa"));
    var cert = Files.copy(a.resolve("cert.pem"), folder.resolve("cert.pem"));
    var key = Files.copy(a.resolve("key.pem"), folder.resolve("key.pem"));
    var identity = TlsIdentity.pem(cert, key);
    try (var server = new Server(identity.context())) {
      assertThat(server.presents("a.home.arpa")).isEqualTo("CN=a.home.arpa, O=Islet");

      Files.writeString(cert, Files.readString(b.resolve("cert.pem")));
      assertThatIOException()
          .isThrownBy(identity::reload)
          .withMessageContaining("does not belong to the first certificate");
      assertThat(server.presents("a.home.arpa")).isEqualTo("CN=a.home.arpa, O=Islet");

      Files.writeString(key, Files.readString(b.resolve("key.pem")));
      assertThat(identity.reload()).isTrue();
      assertThat(server.presents("a.home.arpa")).isEqualTo("CN=b.home.arpa, O=Islet");
    }
  }

  @Test
  void each_name_gets_its_own_certificate() throws Exception {
    var a = TlsIdentity.selfSigned(folder.resolve("a"), List.of("a.home.arpa"));
    var b = TlsIdentity.selfSigned(folder.resolve("b"), List.of("b.home.arpa"));
    var context = TlsIdentity.contextByName(name -> name.equals("b.home.arpa") ? b : a);
    try (var server = new Server(context)) {
      assertThat(server.presents("b.home.arpa")).contains("CN=b.");
      assertThat(server.presents("a.home.arpa")).contains("CN=a.");
      assertThat(server.presents("c.home.arpa")).contains("CN=a.");
    }
  }

  @Test
  void what_is_wrong_with_a_file_is_said() throws Exception {
    TlsIdentity.selfSigned(folder, List.of("a.home.arpa"));
    var cert = folder.resolve("cert.pem");
    var key = folder.resolve("key.pem");
    var old = folder.resolve("old.pem");
    Files.writeString(old, "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n");
    var locked = folder.resolve("locked.pem");
    Files.writeString(
        locked,
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n");

    refused(cert, old, "openssl pkey");
    refused(cert, locked, "is encrypted");
    refused(cert, cert, "holds no private key");
    refused(key, key, "holds no certificate");
    refused(folder.resolve("none.pem"), key, "there is no such file");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TlsIdentity.selfSigned(folder, List.of("not a name")))
        .withMessageContaining("neither a DNS name nor an IP address");
  }

  @Test
  void rsa_keys_and_chains_are_read() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/openssl")), "openssl is not installed");
    var cert = folder.resolve("rsa.pem");
    var key = folder.resolve("rsa.key");
    run(
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-subj",
        "/CN=rsa.home.arpa",
        "-keyout",
        key.toString(),
        "-out",
        cert.toString(),
        "-days",
        "30");
    TlsIdentity.selfSigned(folder.resolve("ec"), List.of("issuer"));
    Files.writeString(
        cert, Files.readString(cert) + Files.readString(folder.resolve("ec/cert.pem")));
    var identity = TlsIdentity.pem(cert, key);
    assertThat(identity.current().chain()).hasSize(2);
    try (var server = new Server(identity.context())) {
      assertThat(server.presents("rsa.home.arpa")).isEqualTo("CN=rsa.home.arpa");
    }
  }

  @Test
  void der_lengths_and_identifiers_have_their_shortest_form() {
    assertThat(Der.octets(new byte[127])).startsWith(0x04, 0x7F).hasSize(129);
    assertThat(Der.octets(new byte[128])).startsWith(0x04, 0x81, 0x80).hasSize(131);
    assertThat(Der.octets(new byte[300])).startsWith(0x04, 0x82, 0x01, 0x2C);
    assertThat(Der.oid("1.2.840.10045.4.3.2"))
        .containsExactly(0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02);
    assertThat(Der.time(Instant.parse("2049-12-31T23:59:59Z"))).startsWith(0x17, 13);
    assertThat(Der.time(Instant.parse("2050-01-01T00:00:00Z"))).startsWith(0x18, 15);
  }

  private static void refused(Path cert, Path key, String why) {
    assertThatIOException().isThrownBy(() -> TlsIdentity.pem(cert, key)).withMessageContaining(why);
  }

  private static String run(String... command) throws IOException, InterruptedException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var text = new String(process.getInputStream().readAllBytes());
    assertThat(process.waitFor()).as(text).isZero();
    return text;
  }

  private static final class Clock implements TimeSource {
    private Instant wall = Instant.parse("2026-11-24T00:00:00Z");

    @Override
    public long now() {
      return wall.getEpochSecond() * 1_000_000_000L;
    }

    @Override
    public Instant wall() {
      return wall;
    }
  }

  /** Shakes hands with whoever comes. */
  private static final class Server implements AutoCloseable {
    private final SSLServerSocket socket;

    Server(SSLContext context) throws IOException {
      socket =
          (SSLServerSocket)
              context
                  .getServerSocketFactory()
                  .createServerSocket(0, 8, InetAddress.getLoopbackAddress());
      socket.setSSLParameters(TlsIdentity.parameters());
      Thread.ofVirtual().start(this::accept);
    }

    private void accept() {
      while (!socket.isClosed()) {
        try (var one = (SSLSocket) socket.accept()) {
          one.startHandshake();
          one.getInputStream().read();
        } catch (IOException e) {
          continue; // the client has seen enough, or the test ends
        }
      }
    }

    String presents(String name) throws Exception {
      var client = SSLContext.getInstance("TLS");
      client.init(null, new TrustManager[] {new Anybody()}, null);
      try (var one = (SSLSocket) client.getSocketFactory().createSocket()) {
        one.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()));
        var parameters = one.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        one.setSSLParameters(parameters);
        one.startHandshake();
        var certificate = (X509Certificate) one.getSession().getPeerCertificates()[0];
        return certificate.getSubjectX500Principal().getName().replace(",", ", ");
      }
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private static final class Anybody implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
