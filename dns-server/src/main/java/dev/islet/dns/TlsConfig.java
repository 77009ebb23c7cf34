package dev.islet.dns;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Key and certificate that encrypted transports present. */
public record TlsConfig(
    @Key("PEM file with the certificate and its chain; by default one is made at first start")
        Optional<Path> certificate,
    @Key("PEM file with the private key") Optional<Path> key,
    @Key(
            value =
                "names and addresses in a certificate that is made; the first name is announced",
            def = "[localhost]")
        List<String> names,
    @Key(
            value =
                "PEM files with authorities that vouch for upstream servers, besides the system's",
            def = "[]")
        List<Path> authorities,
    @Key(value = "a handshake that takes longer is given up", def = "5s") Duration handshake) {
  public TlsConfig {
    if (certificate.isPresent() != key.isPresent()) {
      throw new BadValue(
          certificate.isPresent() ? "key" : "certificate", "certificate and key go together");
    }
    if (names.isEmpty()) {
      throw new BadValue("names", "at least one name is needed");
    }
    if (handshake.toMillis() < 100) {
      throw new BadValue("handshake", "expected at least 100ms");
    }
  }
}
