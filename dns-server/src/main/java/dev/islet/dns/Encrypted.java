package dev.islet.dns;

import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Home;
import dev.islet.core.service.StartException;
import dev.islet.core.time.TimeSource;
import dev.islet.core.tls.TlsIdentity;
import dev.islet.dns.chain.Gate;
import dev.islet.dns.chain.Tally;
import dev.islet.dns.fast.FastLane;
import dev.islet.dns.model.Transport;
import dev.islet.dns.transport.secure.SecureFronts;
import dev.islet.dns.transport.secure.SecureLimits;
import dev.islet.dns.transport.upstream.Trust;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The encrypted listeners with their certificate; nothing of it is there unless asked for. */
final class Encrypted implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");

  private final SecureFronts fronts;
  private final TlsIdentity identity;
  private final List<Endpoint> endpoints = new ArrayList<>();

  private Encrypted(SecureFronts fronts, TlsIdentity identity) {
    this.fronts = fronts;
    this.identity = identity;
  }

  /**
   * Binds what is configured.
   *
   * @return empty if no encrypted listener is configured
   * @throws StartException if the certificate cannot be used or an address cannot be bound
   */
  static Optional<Encrypted> open(
      DnsConfig config,
      Optional<Home> home,
      Gate gate,
      TimeSource time,
      Tally tally,
      Supplier<FastLane> lanes) {
    if (config.dot().listen().isEmpty()
        && config.doh().listen().isEmpty()
        && config.doq().listen().isEmpty()) {
      return Optional.empty();
    }
    var identity = identity(config.tls(), home);
    LOG.log(Level.INFO, "service=dns certificate-sha256={0}", identity.fingerprint());
    var limits = new SecureLimits(Assembly.tcp(config), config.tls().handshake());
    var fronts =
        new SecureFronts(gate, identity.context(), limits, config.doh().path(), time, tally, lanes);
    var encrypted = new Encrypted(fronts, identity);
    try {
      for (var address : Fronts.distinct(config.dot().listen())) {
        var bound = fronts.bind(address, Transport.TLS);
        encrypted.endpoints.add(new Endpoint("dns/tls", bound));
      }
      for (var address : Fronts.distinct(config.doh().listen())) {
        var bound = fronts.bind(address, Transport.HTTPS);
        encrypted.endpoints.add(new Endpoint("dns/https", bound));
      }
      for (var address : config.doq().listen()) {
        var bound = fronts.bindQuic(address, identity.keyManager());
        encrypted.endpoints.add(new Endpoint("dns/quic", bound));
      }
    } catch (StartException e) {
      fronts.close();
      throw e;
    }
    return Optional.of(encrypted);
  }

  /** Begins to serve on all. */
  void start() {
    fronts.start();
  }

  List<Endpoint> endpoints() {
    return List.copyOf(endpoints);
  }

  int connections() {
    return fronts.connections();
  }

  /**
   * Takes over a certificate that was replaced, for handshakes from now on.
   *
   * @return whether it is another one now
   * @throws IOException if it cannot be used; the old one stays in force
   */
  boolean renew() throws IOException {
    boolean changed = identity.reload();
    if (changed) {
      LOG.log(Level.INFO, "service=dns certificate-sha256={0}", identity.fingerprint());
    }
    return changed;
  }

  @Override
  public void close() {
    fronts.close();
  }

  /**
   * Whom to believe that they are our upstream servers.
   *
   * @throws StartException if a file with authorities cannot be used
   */
  static Trust trust(DnsConfig config) {
    try {
      return Trust.of(config.tls().authorities());
    } catch (IOException e) {
      throw new StartException(
          "DNS-TLS-004",
          "the authorities for upstream servers cannot be used: " + e.getMessage(),
          "Correct the files named by tls.authorities",
          e);
    }
  }

  private static TlsIdentity identity(TlsConfig tls, Optional<Home> home) {
    try {
      if (tls.certificate().isPresent() && tls.key().isPresent()) {
        return TlsIdentity.pem(tls.certificate().get(), tls.key().get());
      }
      if (home.isEmpty()) {
        throw new StartException(
            "DNS-TLS-002",
            "there is no certificate, and no data folder to keep one in that is made",
            "Give a certificate, or a folder with home(…)",
            new IllegalArgumentException("no data folder"));
      }
      return TlsIdentity.selfSigned(home.get().data("dns").resolve("tls"), tls.names());
    } catch (IOException e) {
      throw new StartException(
          "DNS-TLS-001",
          "the certificate cannot be used: " + e.getMessage(),
          "Correct the files named by tls.certificate and tls.key, or make the data folder writable",
          e);
    } catch (IllegalArgumentException e) {
      throw new StartException(
          "DNS-TLS-003",
          "the certificate cannot be made: " + e.getMessage(),
          "Write DNS names or IP addresses in tls.names",
          e);
    }
  }
}
