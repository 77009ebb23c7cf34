package dev.islet.dhcp.transport;

import dev.islet.dhcp.model.Ip;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.name.Dhcid;
import dev.islet.dhcp.name.NameClaim;
import dev.islet.dhcp.wire.DomainNames;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Writes a client's name into DNS and takes it out, by the rules of RFC 4703: a name that exists
 * may only be changed if its DHCID says that it is this client's.
 */
final class NameUpdates {
  /** What came of it. */
  enum Result {
    DONE,
    /** The name is somebody else's, or was set by hand. */
    CONFLICT
  }

  private final DnsClient dns;
  private final String zone;
  private final List<String> reverseZones;
  private final long ttl;

  NameUpdates(DnsClient dns, String zone, List<String> reverseZones, Duration ttl) {
    this.dns = dns;
    this.zone = zone;
    this.reverseZones =
        reverseZones.stream().sorted(Comparator.comparingInt(String::length).reversed()).toList();
    this.ttl = ttl.toSeconds();
  }

  /**
   * Puts address, owner and reverse name in place.
   *
   * @throws IOException if DNS did not answer, or refused for a reason that may pass
   */
  Result add(NameClaim claim) throws IOException {
    var name = claim.name();
    int type = type(claim.address());
    var owner = Dhcid.of(claim.client(), name);
    var address = Octets.of(claim.address().toBytes());
    // RFC 4703 section 5.3.1: nobody has the name.
    int code =
        dns.ask(
            new DnsUpdate(zone)
                .requireUnused(name)
                .add(name, type, ttl, address)
                .add(name, DnsUpdate.DHCID, ttl, owner));
    if (code == DnsClient.YXDOMAIN) {
      // Section 5.3.2: it is this client's from before.
      code =
          dns.ask(
              new DnsUpdate(zone)
                  .requireExactly(name, DnsUpdate.DHCID, owner)
                  .deleteSet(name, type)
                  .add(name, type, ttl, address));
      if (code == DnsClient.NXRRSET) {
        return Result.CONFLICT;
      }
    }
    require(code, name);
    var reverse = reverse(claim.address());
    var reverseZone = zoneOf(reverse);
    if (reverseZone.isPresent()) {
      // Section 5.4: the address is ours to name, whatever was there.
      require(
          dns.ask(
              new DnsUpdate(reverseZone.get())
                  .deleteSet(reverse, DnsUpdate.PTR)
                  .add(reverse, DnsUpdate.PTR, ttl, pointer(name))),
          reverse);
    }
    return Result.DONE;
  }

  /**
   * Takes it all out, if it is still this client's with this address.
   *
   * @throws IOException if DNS did not answer, or refused for a reason that may pass
   */
  void remove(NameClaim claim) throws IOException {
    var name = claim.name();
    int type = type(claim.address());
    var owner = Dhcid.of(claim.client(), name);
    var address = Octets.of(claim.address().toBytes());
    // RFC 4703 section 5.5: first the address, then the name if nothing else is left.
    int code =
        dns.ask(
            new DnsUpdate(zone)
                .requireExactly(name, DnsUpdate.DHCID, owner)
                .requireExactly(name, type, address)
                .delete(name, type, address));
    if (code != DnsClient.NXRRSET) {
      require(code, name);
      code =
          dns.ask(
              new DnsUpdate(zone)
                  .requireExactly(name, DnsUpdate.DHCID, owner)
                  .requireNone(name, DnsUpdate.A)
                  .requireNone(name, DnsUpdate.AAAA)
                  .deleteName(name));
      if (code != DnsClient.NXRRSET && code != 7 /* YXRRSET */) {
        require(code, name);
      }
    }
    var reverse = reverse(claim.address());
    var reverseZone = zoneOf(reverse);
    if (reverseZone.isPresent()) {
      code =
          dns.ask(
              new DnsUpdate(reverseZone.get())
                  .requireExactly(reverse, DnsUpdate.PTR, pointer(name))
                  .deleteSet(reverse, DnsUpdate.PTR));
      if (code != DnsClient.NXRRSET) {
        require(code, reverse);
      }
    }
  }

  private Optional<String> zoneOf(String reverse) {
    return reverseZones.stream()
        .filter(z -> reverse.equals(z) || reverse.endsWith("." + z))
        .findFirst();
  }

  private static Octets pointer(String name) {
    return Octets.of(DomainNames.encode(name));
  }

  private static int type(Ip address) {
    return switch (address) {
      case Ip4 _ -> DnsUpdate.A;
      case Ip6 _ -> DnsUpdate.AAAA;
    };
  }

  /** Bytes or nibbles, the last one first (RFC 1035 section 3.5, RFC 3596 section 2.5). */
  static String reverse(Ip address) {
    var bytes = address.toBytes();
    var name = new StringBuilder();
    for (int i = bytes.length - 1; i >= 0; i--) {
      switch (address) {
        case Ip4 _ -> name.append(bytes[i] & 255).append('.');
        case Ip6 _ ->
            name.append(Character.forDigit(bytes[i] & 15, 16))
                .append('.')
                .append(Character.forDigit(bytes[i] >> 4 & 15, 16))
                .append('.');
      }
    }
    return name.append(address instanceof Ip4 ? "in-addr.arpa" : "ip6.arpa").toString();
  }

  private static void require(int code, String name) throws IOException {
    if (code != DnsClient.NOERROR) {
      throw new IOException(
          "the DNS server refused the update of "
              + name
              + ": "
              + switch (code) {
                case 1 -> "FORMERR";
                case 2 -> "SERVFAIL";
                case 4 -> "NOTIMP";
                case 5 -> "REFUSED";
                case 9 -> "NOTAUTH";
                case 10 -> "NOTZONE";
                default -> "response code " + code;
              });
    }
  }
}
