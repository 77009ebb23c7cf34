package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.Reload;
import dev.islet.core.service.StartException;
import dev.islet.core.tls.TlsIdentity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Message;

/** The certificate of the encrypted ports: where it comes from, and how it changes. */
class CertificateTest {
  @TempDir Path folder;

  private void install(String from) throws IOException {
    for (var file : List.of("cert.pem", "key.pem")) {
      Files.copy(
          folder.resolve(from).resolve(file),
          folder.resolve(file),
          StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private DnsServer server() throws IOException {
    var file = folder.resolve("dns.yaml");
    Files.writeString(
        file,
        """
        listen: [127.0.0.1:0]
        dot: {listen: [127.0.0.1:0]}
        tls: {certificate: cert.pem, key: key.pem, handshake: 30s}
        zones: {home.arpa: {records: [nas A 192.168.7.10]}}
        """);
    var data = folder.resolve("data");
    return DnsServer.create(
        new ConfigFile<>(file, DnsConfig.class), new Home(data, data.resolve("logs")));
  }

  private static int ask(Asker.Stream stream) throws IOException {
    stream.send(Asker.query("nas.home.arpa.", "A").toWire());
    return new Message(stream.receive()).getSection(1).size();
  }

  @Test
  void one_that_was_replaced_is_taken_over_and_no_connection_ends() throws Exception {
    var first = TlsIdentity.selfSigned(folder.resolve("first"), List.of("localhost"));
    var second = TlsIdentity.selfSigned(folder.resolve("second"), List.of("localhost"));
    install("first");
    try (var dns = server().start();
        var old = Secure.trusting(folder.resolve("first/cert.pem")).stream(dns)) {
      assertThat(ask(old)).isEqualTo(1);
      install("second");
      assertThat(dns.reload())
          .isInstanceOfSatisfying(
              Reload.Applied.class, r -> assertThat(r.changed()).contains("tls.certificate"));
      var trust = Secure.trusting(folder.resolve("second/cert.pem"));
      try (var socket = trust.connect(Secure.dot(dns), "dot")) {
        var shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
        assertThat(shown).isEqualTo(second.certificate()).isNotEqualTo(first.certificate());
      }
      assertThat(ask(old)).isEqualTo(1);
    }
  }

  @Test
  void a_broken_one_is_refused_and_the_old_one_stays() throws Exception {
    TlsIdentity.selfSigned(folder.resolve("first"), List.of("localhost"));
    install("first");
    try (var dns = server().start()) {
      Files.writeString(folder.resolve("cert.pem"), "nonsense");
      assertThat(dns.reload()).isInstanceOf(Reload.Refused.class);
      try (var stream = Secure.trusting(folder.resolve("first/cert.pem")).stream(dns)) {
        assertThat(ask(stream)).isEqualTo(1);
      }
    }
  }

  @Test
  void without_a_usable_one_the_server_does_not_start() throws Exception {
    var dns = server(); // the files are not there
    assertThatThrownBy(dns::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("DNS-TLS-001")
        .hasMessageContaining("cert.pem");
  }
}
