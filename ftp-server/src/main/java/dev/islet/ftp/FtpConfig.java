package dev.islet.ftp;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.ftp.account.PasswordHash;
import dev.islet.ftp.model.Right;
import dev.islet.ftp.model.TlsMode;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The configuration of the FTP service, as in {@code ftp.yaml}.
 *
 * @param listen where FTP is spoken, with TLS by AUTH
 * @param implicit where TLS begins at once (FTPS, customarily port 990)
 * @param tls protection
 * @param passive data connections
 * @param users who may log in
 * @param limits bounds
 * @param uploads how files come in
 * @param greeting text of the first reply
 * @param log whether transfers are logged
 * @param admin the admin endpoint
 */
public record FtpConfig(
    @Key(value = "addresses for FTP; clients may turn on TLS with AUTH", def = "[]")
        List<InetSocketAddress> listen,
    @Key(value = "addresses for implicit FTPS, where TLS begins at once", def = "[]")
        List<InetSocketAddress> implicit,
    @Key(value = "TLS on control and data connections", def = "{}") Tls tls,
    @Key(value = "data connections that the client opens", def = "{}") Passive passive,
    @Key(value = "who may log in", def = "[]") List<User> users,
    @Key(value = "bounds against overload and guessing", def = "{}") Limits limits,
    @Key(value = "how files come in", def = "{}") Uploads uploads,
    @Key(value = "text of the first reply", def = "Islet FTP is ready.") String greeting,
    @Key(value = "write xferlog and transfers.jsonl to the logs folder", def = "true") boolean log,
    @Key("the admin endpoint; none without this key") Optional<AdminConfig> admin) {
  public FtpConfig {
    if (listen.isEmpty() && implicit.isEmpty()) {
      throw new BadValue("listen", "at least one address is needed, here or in implicit");
    }
    if (tls.mode().equals(Optional.of(TlsMode.OFF)) && !implicit.isEmpty()) {
      throw new BadValue("implicit", "implicit FTPS is TLS, but tls.mode is off");
    }
    var names = new HashSet<String>();
    for (var user : users) {
      if (!names.add(user.name())) {
        throw new BadValue("users", "the name \"" + user.name() + "\" is there twice");
      }
    }
    if (greeting.chars().anyMatch(c -> c < ' ') || greeting.length() > 200) {
      throw new BadValue("greeting", "one line of at most 200 characters");
    }
  }

  /**
   * Protection.
   *
   * @param mode off, optional or required; without it, required except at loopback addresses
   */
  public record Tls(
      @Key("off, optional or required; by default required, but optional at loopback addresses")
          Optional<TlsMode> mode,
      @Key("PEM file with the certificate and its chain; by default one is made at first start")
          Optional<Path> certificate,
      @Key("PEM file with the private key") Optional<Path> key,
      @Key(value = "names and addresses in a certificate that is made", def = "[localhost]")
          List<String> names) {
    public Tls {
      if (certificate.isPresent() != key.isPresent()) {
        throw new BadValue(
            certificate.isPresent() ? "certificate" : "key", "certificate and key go together");
      }
      if (names.isEmpty()) {
        throw new BadValue("names", "at least one name is needed");
      }
    }
  }

  /**
   * Data connections that the client opens.
   *
   * @param ports the range, as in {@code 50000-50100}
   */
  public record Passive(
      @Key(
              value = "range of ports, to be opened in firewalls too; 0 takes any free port",
              def = "50000-50100")
          PortRange ports,
      @Key("address told to clients, if they reach us by another than our own (NAT)")
          Optional<InetAddress> address) {}

  /**
   * A range of ports.
   *
   * @param first 0 for any free port
   * @param last itself included
   */
  public record PortRange(int first, int last) {
    public PortRange {
      boolean any = first == 0 && last == 0;
      if (!any && (first < 1024 || last > 65_535 || first > last)) {
        throw new IllegalArgumentException(
            "expected a range of ports from 1024 to 65535, like 50000-50100, but found "
                + first
                + "-"
                + last);
      }
    }

    /** Reads {@code 50000-50100}, one port, or 0. */
    public static PortRange parse(String text) {
      var parts = text.strip().split("\\s*-\\s*", 2);
      try {
        int first = Integer.parseInt(parts[0]);
        return new PortRange(first, parts.length > 1 ? Integer.parseInt(parts[1]) : first);
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is not a range of ports; write one like 50000-50100", e);
      }
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + "-" + last;
    }
  }

  /**
   * Somebody who may log in.
   *
   * @param name letters, digits and . _ @ + -
   */
  public record User(
      @Key("name for USER; letters, digits and . _ @ + -") String name,
      @Key("password; write it as ${file:…} or ${NAME}, not here") Optional<String> password,
      @Key("hash of the password, as printed by dev.islet.ftp.HashPassword")
          Optional<String> passwordHash,
      @Key("folder the user is kept in; by default ftp/home/<name> in the data folder")
          Optional<Path> home,
      @Key(
              value = "of read, write, list, download, upload, delete, rename, mkdir",
              def = "[read, write]")
          List<Right> rights) {
    public User {
      if (password.isPresent() && passwordHash.isPresent()) {
        throw new BadValue("password-hash", "give password or password-hash, not both");
      }
      if (password.filter(String::isEmpty).isPresent()) {
        throw new BadValue("password", "an empty password lets everybody in");
      }
      try {
        passwordHash.ifPresent(PasswordHash::parse);
      } catch (IllegalArgumentException e) {
        throw new BadValue("password-hash", String.valueOf(e.getMessage()));
      }
      try {
        new dev.islet.ftp.account.Account(
            name, new dev.islet.ftp.account.Credential.Plain("-"), java.util.Set.copyOf(rights));
      } catch (IllegalArgumentException e) {
        throw new BadValue("name", String.valueOf(e.getMessage()));
      }
    }

    @Override
    public String toString() {
      return "User[" + name + ", " + home + ", " + rights + "]";
    }
  }

  /** Bounds. */
  public record Limits(
      @Key(value = "control connections at once", def = "200") int connections,
      @Key(value = "of them, from one address", def = "20") int perAddress,
      @Key(value = "a silent client is sent away after this", def = "5m") Duration idle,
      @Key(value = "time for the client to open its data connection", def = "30s") Duration connect,
      @Key(value = "longest command line in bytes", def = "4096") int line,
      @Key(value = "failed logins before the connection is ended", def = "3") int tries,
      @Key(value = "failed logins of an address without a wait", def = "5") int freeFailures,
      @Key(value = "longest wait after failed logins", def = "15m") Duration longestWait) {
    public Limits {
      positive("connections", connections);
      positive("per-address", perAddress);
      positive("tries", tries);
      if (line < 256 || line > 65_536) {
        throw new BadValue("line", "from 256 to 65536 bytes, but found " + line);
      }
      if (idle.toSeconds() < 1 || idle.toHours() > 24) {
        throw new BadValue("idle", "from 1s to 24h");
      }
      if (connect.toMillis() < 10 || connect.toMinutes() > 10) {
        throw new BadValue("connect", "from 10ms to 10m");
      }
      if (longestWait.toSeconds() < 1 || longestWait.toDays() > 7) {
        throw new BadValue("longest-wait", "from 1s to 7d");
      }
      if (freeFailures < 0) {
        throw new BadValue("free-failures", "not below 0");
      }
    }

    private static void positive(String key, int n) {
      if (n < 1) {
        throw new BadValue(key, "at least 1, but found " + n);
      }
    }
  }

  /** How files come in. */
  public record Uploads(
      @Key(
              value = "force a file to the disk before the client is told that it is stored",
              def = "true")
          boolean durable,
      @Key(value = "how long an upload that was broken off can be gone on with", def = "1d")
          Duration keepUnfinished) {
    public Uploads {
      if (keepUnfinished.toMinutes() < 1) {
        throw new BadValue("keep-unfinished", "at least 1m");
      }
    }
  }
}
