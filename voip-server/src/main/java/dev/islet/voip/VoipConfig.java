package dev.islet.voip;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.voip.registrar.Digest.Algorithm;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/** The configuration of the VoIP server, as in {@code voip.yaml}. */
public record VoipConfig(
    @Key(value = "where SIP is listened for", def = "{}") Listen listen,
    @Key(value = "domain of the extensions, and the realm of their passwords", def = "home.arpa")
        String domain,
    @Key(value = "other names and addresses this server is called by", def = "[]")
        List<String> aliases,
    @Key(value = "who can call and be called", def = "[]") List<Extension> extensions,
    @Key(value = "the media relay", def = "{}") Rtp rtp,
    @Key(value = "how long phones are registered", def = "{}") Registration registration,
    @Key(value = "how phones prove who they are", def = "{}") Auth auth,
    @Key(value = "limits of calls", def = "{}") CallLimits calls,
    @Key(value = "limits of messages and connections", def = "{}") Limits limits,
    @Key("certificate for TLS; without it a self-signed one is made and kept") Optional<Tls> tls,
    @Key("the admin endpoint; without it there is none") Optional<AdminConfig> admin) {
  public VoipConfig {
    aliases = List.copyOf(aliases);
    extensions = List.copyOf(extensions);
    if (!domain.matches("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")) {
      throw new BadValue("domain", "expected a domain name but found \"" + domain + "\"");
    }
    var seen = new HashSet<String>();
    for (var extension : extensions) {
      if (!seen.add(extension.number())) {
        throw new BadValue("extensions", "the number " + extension.number() + " stands twice");
      }
      for (var algorithm : auth.algorithms()) {
        if (extension.ha1().isPresent() && extension.ha1().get().of(algorithm).isEmpty()) {
          throw new BadValue(
              "extensions",
              "extension "
                  + extension.number()
                  + " has no ha1 for "
                  + algorithm.token()
                  + ", which auth.algorithms offers: add it, or offer less");
        }
      }
    }
  }

  /** Where SIP is listened for. */
  public record Listen(
      @Key(value = "UDP addresses", def = "0.0.0.0:5060") List<InetSocketAddress> udp,
      @Key(value = "TCP addresses", def = "0.0.0.0:5060") List<InetSocketAddress> tcp,
      @Key(value = "TLS addresses", def = "[]") List<InetSocketAddress> tls) {
    public Listen {
      udp = List.copyOf(udp);
      tcp = List.copyOf(tcp);
      tls = List.copyOf(tls);
      if (udp.isEmpty()) {
        throw new BadValue(
            "udp", "every SIP server listens on UDP (RFC 3261 §18); give an address");
      }
    }
  }

  /** A number that can be called. */
  public record Extension(
      @Key("what is dialled, and the user name of its phones") String number,
      @Key("whose it is; shown on the phone that rings") Optional<String> name,
      @Key("the password; without one a random one is kept in the data folder")
          Optional<String> password,
      @Key("hashes instead of a password") Optional<Ha1> ha1) {
    public Extension {
      if (!number.matches("[A-Za-z0-9.+*_-]{1,32}")) {
        throw new BadValue(
            "number", "expected 1 to 32 digits or letters but found \"" + number + "\"");
      }
      if (password.isPresent() && ha1.isPresent()) {
        throw new BadValue("ha1", "give a password or hashes, not both");
      }
      if (password.isPresent() && password.get().length() < 8) {
        throw new BadValue("password", "a password has at least 8 characters");
      }
    }

    /** Does not show the password. */
    @Override
    public String toString() {
      return "Extension[" + number + "]";
    }
  }

  /** Hashes of {@code number:domain:password}, in hexadecimal. */
  public record Ha1(
      @Key("32 hexadecimal digits") Optional<String> md5,
      @Key("64 hexadecimal digits") Optional<String> sha256) {
    public Ha1 {
      if (md5.isPresent() && !md5.get().matches("[0-9a-fA-F]{32}")) {
        throw new BadValue("md5", "expected 32 hexadecimal digits");
      }
      if (sha256.isPresent() && !sha256.get().matches("[0-9a-fA-F]{64}")) {
        throw new BadValue("sha256", "expected 64 hexadecimal digits");
      }
    }

    /** The hash for an algorithm. */
    public Optional<String> of(Algorithm algorithm) {
      return switch (algorithm) {
        case MD5 -> md5;
        case SHA_256 -> sha256;
      };
    }

    /** Does not show the hashes. */
    @Override
    public String toString() {
      return "Ha1";
    }
  }

  /** The media relay. */
  public record Rtp(
      @Key(value = "UDP ports; a call takes four", def = "10000-10200") PortRange ports,
      @Key(value = "a call without any media for so long is ended; 0s for never", def = "2m")
          Duration silence,
      @Key(value = "how long a port rests after a call", def = "10s") Duration quarantine) {}

  /** How long phones are registered. */
  public record Registration(
      @Key(value = "shortest; phones that ask for less are told", def = "60s") Duration min,
      @Key(value = "when the phone does not say", def = "1h") Duration usual,
      @Key(value = "longest", def = "2h") Duration max,
      @Key(value = "phones an extension may have", def = "10") int contacts) {
    public Registration {
      if (min.toSeconds() < 1 || min.compareTo(usual) > 0 || usual.compareTo(max) > 0) {
        throw new BadValue("usual", "expected min <= usual <= max, and min at least 1s");
      }
      if (contacts < 1 || contacts > 100) {
        throw new BadValue("contacts", "expected 1 to 100 but found " + contacts);
      }
    }
  }

  /** How phones prove who they are. */
  public record Auth(
      @Key(value = "digest algorithms offered, best first", def = "[sha-256, md5]")
          List<Algorithm> algorithms,
      @Key(value = "how long a nonce can be used", def = "5m") Duration nonceLife,
      @Key(value = "wrong passwords an address may send at once", def = "10") int failures,
      @Key(value = "time until one more is allowed", def = "30s") Duration refill,
      @Key(
              value = "parts of User-Agent of phones that fail unless offered MD5 alone",
              def = "[baresip v0, baresip v1, sipp]")
          List<String> md5Only,
      @Key(
              value = "parts of User-Agent that are never answered",
              def =
                  "[friendly-scanner, sipvicious, sundayddr, sip-scan, sipcli, pplsip, iwar,"
                      + " vaxsipuseragent]")
          List<String> scanners) {
    public Auth {
      algorithms = List.copyOf(algorithms);
      md5Only = List.copyOf(md5Only);
      scanners = List.copyOf(scanners);
      if (algorithms.isEmpty()) {
        throw new BadValue("algorithms", "offer at least one of sha-256, md5");
      }
      if (failures < 1) {
        throw new BadValue("failures", "expected at least 1 but found " + failures);
      }
      if (nonceLife.toSeconds() < 1 || refill.toMillis() < 1) {
        throw new BadValue("nonceLife", "expected at least 1s, and refill at least 1ms");
      }
    }
  }

  /** Limits of calls. */
  public record CallLimits(
      @Key(value = "calls at a time", def = "50") int max,
      @Key(value = "calls at a time that one extension may have begun", def = "4") int perExtension,
      @Key(value = "how long phones ring", def = "60s") Duration ring,
      @Key(value = "after which a call is ended", def = "12h") Duration longest,
      @Key(
              value = "how often phones are asked whether they are still there; 0s for never",
              def = "60s")
          Duration check) {
    public CallLimits {
      if (max < 1 || perExtension < 1) {
        throw new BadValue("max", "expected at least one call");
      }
      if (ring.toSeconds() < 1 || longest.toSeconds() < 1 || check.isNegative()) {
        throw new BadValue("ring", "expected at least 1s");
      }
    }
  }

  /** Limits of messages and connections. */
  public record Limits(
      @Key(value = "bytes of the longest message taken", def = "16384") int messageBytes,
      @Key(value = "header fields of a message", def = "100") int headers,
      @Key(value = "requests remembered at a time", def = "20000") int transactions,
      @Key(value = "TCP and TLS connections", def = "500") int connections,
      @Key(value = "connections from one address", def = "32") int connectionsPerAddress,
      @Key(value = "after which a silent connection is closed", def = "10m") Duration idle,
      @Key(value = "how long a message may take to arrive on a connection", def = "30s")
          Duration message) {
    public Limits {
      if (messageBytes < 2_048 || messageBytes > 65_535) {
        throw new BadValue("messageBytes", "expected 2048 to 65535 but found " + messageBytes);
      }
      if (headers < 20 || transactions < 100 || connections < 1 || connectionsPerAddress < 1) {
        throw new BadValue(
            "headers", "expected headers >= 20, transactions >= 100 and a connection");
      }
      if (idle.toSeconds() < 1 || message.toMillis() < 100) {
        throw new BadValue("idle", "expected idle of at least 1s and message of at least 100ms");
      }
    }
  }

  /** PEM files of the TLS identity. */
  public record Tls(
      @Key("the server's certificate, then those that vouch for it") Path certificate,
      @Key("its key, PKCS #8, not encrypted") Path key) {}
}
