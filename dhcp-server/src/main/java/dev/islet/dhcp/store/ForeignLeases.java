package dev.islet.dhcp.store;

import dev.islet.dhcp.lease.LeaseRecord;
import dev.islet.dhcp.model.ClientKey;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.LeaseState;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.Dhcid;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Leases of other servers: the files of dnsmasq, ISC dhcpd and Kea (memfile), told apart by how
 * they begin. A line or a block that makes no sense is left out.
 */
public final class ForeignLeases {
  /**
   * A lease of another server.
   *
   * @param until when it ends or ended; {@link Instant#MAX} for never
   * @param name what the client calls itself, or empty
   */
  public record Lease(
      Ip4 address, ClientKey owner, HardwareAddress hardware, Instant until, String name) {
    private static final Duration EVER = Duration.ofDays(36_500);

    /**
     * As a record of ours.
     *
     * @param now nanoseconds of the lease clock
     * @param wall the wall clock at that moment
     * @param label the name it shall have in DNS
     */
    public LeaseRecord record(long now, Instant wall, String label) {
      boolean runs = until.isAfter(wall);
      var left =
          until.isAfter(wall.plus(EVER)) ? EVER : Duration.between(wall, runs ? until : wall);
      return new LeaseRecord(
          address,
          runs ? LeaseState.BOUND : LeaseState.FREE,
          owner,
          hardware,
          now + left.toNanos(),
          label,
          now);
    }
  }

  private static final Pattern BLOCK =
      Pattern.compile("^lease\\s+([0-9.]+)\\s*\\{(.*?)^\\}", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern HARDWARE = Pattern.compile("hardware ethernet ([0-9a-f:]+);");
  private static final Pattern UID = Pattern.compile("uid (\"(?:[^\"\\\\]|\\\\.)*\"|[0-9a-f:]+);");
  private static final Pattern FREE =
      Pattern.compile("^\\s*binding state (free|expired|released);", Pattern.MULTILINE);
  private static final Pattern ENDS =
      Pattern.compile("ends (?:epoch (\\d+)|never|\\d (\\d+/\\d+/\\d+ \\d+:\\d+:\\d+));?");
  private static final Pattern NAME = Pattern.compile("client-hostname \"([^\"]*)\";");
  private static final DateTimeFormatter STAMP = DateTimeFormatter.ofPattern("yyyy/MM/dd HH:mm:ss");

  private ForeignLeases() {}

  /** Reads a file; the last word on an address counts. */
  public static List<Lease> read(Path file) throws IOException {
    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
    var leases = new LinkedHashMap<Ip4, Lease>();
    if (text.startsWith("address,hwaddr,")) {
      kea(text, leases);
    } else if (BLOCK.matcher(text).find()) {
      dhcpd(text, leases);
    } else {
      dnsmasq(text, leases);
    }
    return List.copyOf(leases.values());
  }

  /** {@code 1764060000 b8:27:eb:00:00:01 10.77.0.50 nas 01:b8:27:eb:00:00:01}. */
  private static void dnsmasq(String text, Map<Ip4, Lease> leases) {
    for (var line : text.lines().toList()) {
      var words = line.split(" ");
      if (words.length >= 5) {
        attempt(
            () -> {
              long end = Long.parseLong(words[0]);
              put(
                  leases,
                  Ip4.parse(words[2]),
                  HardwareAddress.parse(words[1]),
                  words[4].equals("*") ? Optional.empty() : Optional.of(Octets.parse(words[4])),
                  end == 0 ? Instant.MAX : Instant.ofEpochSecond(end),
                  words[3].equals("*") ? "" : words[3]);
            });
      }
    }
  }

  private static void dhcpd(String text, Map<Ip4, Lease> leases) {
    var blocks = BLOCK.matcher(text);
    while (blocks.find()) {
      var address = blocks.group(1);
      var body = blocks.group(2);
      attempt(
          () -> {
            var hardware = HARDWARE.matcher(body);
            if (!hardware.find()) {
              leases.remove(Ip4.parse(address));
              return;
            }
            var uid = UID.matcher(body);
            var name = NAME.matcher(body);
            put(
                leases,
                Ip4.parse(address),
                HardwareAddress.parse(hardware.group(1)),
                uid.find() ? Optional.of(uid(uid.group(1))) : Optional.empty(),
                FREE.matcher(body).find() ? Instant.EPOCH : ends(ENDS.matcher(body)),
                name.find() ? name.group(1) : "");
          });
    }
  }

  private static Instant ends(Matcher ends) {
    if (!ends.find()) {
      return Instant.EPOCH;
    }
    if (ends.group(1) != null) {
      return Instant.ofEpochSecond(Long.parseLong(ends.group(1)));
    }
    return ends.group(2) == null
        ? Instant.MAX
        : LocalDateTime.parse(ends.group(2), STAMP).toInstant(ZoneOffset.UTC);
  }

  /** Text in quotes with octal escapes, or hexadecimal bytes. */
  private static Octets uid(String text) {
    if (!text.startsWith("\"")) {
      return Octets.parse(text);
    }
    var out = new ByteArrayOutputStream();
    int at = 1;
    while (at < text.length() - 1) {
      char c = text.charAt(at++);
      if (c != '\\') {
        out.write(c);
      } else if (text.charAt(at) >= '0' && text.charAt(at) <= '7' && at + 3 < text.length()) {
        out.write(Integer.parseInt(text.substring(at, at + 3), 8));
        at += 3;
      } else {
        out.write(text.charAt(at++));
      }
    }
    return Octets.of(out.toByteArray());
  }

  /** {@code address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fwd,rev,hostname,state,…}. */
  private static void kea(String text, Map<Ip4, Lease> leases) {
    for (var line : text.lines().skip(1).toList()) {
      var fields = line.split(",", -1);
      if (fields.length >= 10) {
        attempt(
            () -> {
              var address = Ip4.parse(fields[0]);
              if (fields[3].equals("0") || fields[9].equals("1") || fields[1].isEmpty()) {
                leases.remove(address); // deleted, or declined
                return;
              }
              put(
                  leases,
                  address,
                  HardwareAddress.parse(fields[1]),
                  fields[2].isEmpty() ? Optional.empty() : Optional.of(Octets.parse(fields[2])),
                  fields[9].equals("2")
                      ? Instant.EPOCH
                      : Instant.ofEpochSecond(Long.parseLong(fields[4])),
                  fields[8]);
            });
      }
    }
  }

  private static void put(
      Map<Ip4, Lease> leases,
      Ip4 address,
      HardwareAddress hardware,
      Optional<Octets> clientId,
      Instant until,
      String name) {
    var owner = clientId.map(ForeignLeases::key).orElseGet(() -> ClientKey.of(hardware));
    leases.put(address, new Lease(address, owner, hardware, until, name));
  }

  private static ClientKey key(Octets id) {
    return new ClientKey(
        id.size() <= ClientKey.LONGEST ? ClientKey.Kind.CLIENT_ID : ClientKey.Kind.CLIENT_ID_DIGEST,
        Dhcid.brief(id));
  }

  private static void attempt(Runnable line) {
    try {
      line.run();
    } catch (IllegalArgumentException | DateTimeException | IndexOutOfBoundsException e) {
      System.getLogger("islet.dhcp")
          .log(System.Logger.Level.DEBUG, "a foreign lease was left out", e);
    }
  }

  /** All files, in order; the first word on an address counts. */
  public static List<Lease> readAll(List<Path> files) throws IOException {
    var all = new LinkedHashMap<Ip4, Lease>();
    for (var file : files) {
      for (var lease : read(file)) {
        all.putIfAbsent(lease.address(), lease);
      }
    }
    return new ArrayList<>(all.values());
  }
}
