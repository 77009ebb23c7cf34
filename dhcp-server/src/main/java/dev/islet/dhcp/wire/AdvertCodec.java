package dev.islet.dhcp.wire;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Advert;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * ICMPv6 messages of neighbour discovery that have to do with routers, without the checksum, which
 * the system fills in.
 *
 * <pre>
 * advertisement:  134 | code 0 | checksum 2 | hop limit 1 | M O flags 1 | lifetime 2 |
 *                 reachable time 4 | retransmission timer 4 | options
 * solicitation:   133 | code 0 | checksum 2 | reserved 4 | options
 * option:         type 1 | length 1, in units of 8 bytes | value
 * </pre>
 */
public final class AdvertCodec {
  /** The ICMPv6 type of a solicitation. */
  public static final int SOLICITATION = 133;

  /** The ICMPv6 type of an advertisement. */
  public static final int ADVERTISEMENT = 134;

  private static final int HOP_LIMIT = 255;
  private static final int SOURCE = 1;
  private static final int PREFIX = 3;
  private static final int MTU = 5;
  private static final int RDNSS = 25;
  private static final int DNSSL = 31;
  private static final int CAPTIVE_PORTAL = 37;
  private static final int PREF64 = 38;

  private AdvertCodec() {}

  /** The bytes of an advertisement. */
  public static byte[] encode(Advert advert) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(
        ByteBuffer.allocate(16)
            .put((byte) ADVERTISEMENT)
            .put((byte) 0)
            .putShort((short) 0)
            .put((byte) advert.hopLimit())
            .put((byte) ((advert.managed() ? 0x80 : 0) | (advert.other() ? 0x40 : 0)))
            .putShort((short) Math.min(advert.lifetime().toSeconds(), 65_535))
            .array());
    advert
        .source()
        .ifPresent(
            mac ->
                out.writeBytes(
                    ByteBuffer.allocate(8)
                        .put((byte) SOURCE)
                        .put((byte) 1)
                        .put(mac.toBytes())
                        .array()));
    advert
        .mtu()
        .ifPresent(mtu -> out.writeBytes(option(MTU, 8).putShort((short) 0).putInt(mtu).array()));
    for (var p : advert.prefixes()) {
      out.writeBytes(
          option(PREFIX, 32)
              .put((byte) p.prefix().length())
              .put((byte) (0x80 | (p.autonomous() ? 0x40 : 0)))
              .putInt(seconds(p.valid()))
              .putInt(seconds(p.preferred()))
              .putInt(0)
              .put(p.prefix().address().getAddress())
              .array());
    }
    if (!advert.dns().isEmpty()) {
      var option =
          option(RDNSS, 8 + 16 * advert.dns().size())
              .putShort((short) 0)
              .putInt(seconds(advert.namesLifetime()));
      advert.dns().forEach(server -> option.put(server.toBytes()));
      out.writeBytes(option.array());
    }
    if (!advert.search().isEmpty()) {
      var names = new ByteArrayOutputStream();
      advert.search().forEach(name -> names.writeBytes(DomainNames.encode(name)));
      out.writeBytes(
          option(DNSSL, padded(8 + names.size()))
              .putShort((short) 0)
              .putInt(seconds(advert.namesLifetime()))
              .put(names.toByteArray())
              .array());
    }
    advert
        .nat64()
        .ifPresent(
            prefix ->
                out.writeBytes(
                    option(PREF64, 16)
                        .putShort((short) pref64(prefix, advert.namesLifetime()))
                        .put(prefix.address().getAddress(), 0, 12)
                        .array()));
    advert
        .captivePortal()
        .ifPresent(
            uri -> {
              var text = uri.getBytes(StandardCharsets.US_ASCII);
              out.writeBytes(option(CAPTIVE_PORTAL, padded(2 + text.length)).put(text).array());
            });
    return out.toByteArray();
  }

  private static ByteBuffer option(int type, int bytes) {
    return ByteBuffer.allocate(bytes).put((byte) type).put((byte) (bytes / 8));
  }

  private static int padded(int bytes) {
    return (bytes + 7) & ~7;
  }

  private static int seconds(Duration time) {
    return (int) Math.min(time.toSeconds(), 0xFFFF_FFFFL);
  }

  /** RFC 8781 section 4: the lifetime in units of 8 seconds, then a code for the length. */
  private static int pref64(Prefix prefix, Duration lifetime) {
    long units = Math.min((lifetime.toSeconds() + 7) / 8, 8_191);
    int code =
        switch (prefix.length()) {
          case 96 -> 0;
          case 64 -> 1;
          case 56 -> 2;
          case 48 -> 3;
          case 40 -> 4;
          case 32 -> 5;
          default ->
              throw new IllegalArgumentException(prefix + " is no NAT64 prefix (RFC 8781 4)");
        };
    return (int) units << 3 | code;
  }

  /** What somebody said, as far as it matters to a router. */
  public sealed interface Heard {
    /**
     * A host asks for routers.
     *
     * @param mac its link-layer address, if it says so
     */
    record Solicitation(Optional<MacAddress> mac) implements Heard {}

    /**
     * Another router tells of itself.
     *
     * @param mac its link-layer address, if it says so
     * @param lifetime for how long it is a default router
     */
    record Advertisement(Optional<MacAddress> mac, Duration lifetime) implements Heard {}

    /** Something else that needs no answer. */
    record Other() implements Heard {}

    /** It is none of these although it claims to be (RFC 4861 sections 6.1.1 and 6.1.2). */
    record Malformed(int offset, String reason) implements Heard {}
  }

  /**
   * Reads an ICMPv6 message whose checksum is right.
   *
   * @param hopLimit it came with: what is not 255 has been through a router, and is forged
   * @param fromNobody whether it came from ::
   */
  public static Heard read(byte[] bytes, int hopLimit, boolean fromNobody) {
    int type = bytes.length == 0 ? 0 : bytes[0] & 0xFF;
    if (type != SOLICITATION && type != ADVERTISEMENT) {
      return new Heard.Other();
    }
    int head = type == SOLICITATION ? 8 : 16;
    if (hopLimit != HOP_LIMIT) {
      return new Heard.Malformed(0, "its hop limit is " + hopLimit + ", so it is not of this link");
    }
    if (bytes.length < head) {
      return new Heard.Malformed(0, "only " + bytes.length + " bytes");
    }
    if (bytes[1] != 0) {
      return new Heard.Malformed(1, "its code is not 0");
    }
    var mac = Optional.<MacAddress>empty();
    for (int at = head; at < bytes.length; ) {
      int length = at + 1 < bytes.length ? (bytes[at + 1] & 0xFF) * 8 : 0;
      if (length == 0 || at + length > bytes.length) {
        return new Heard.Malformed(at, "an option has a wrong length");
      }
      if (bytes[at] == SOURCE && length == 8) {
        mac = Optional.of(MacAddress.of(bytes, at + 2));
      }
      at += length;
    }
    if (type == SOLICITATION) {
      return fromNobody && mac.isPresent()
          ? new Heard.Malformed(head, "it is from :: and names a link-layer address")
          : new Heard.Solicitation(mac);
    }
    return new Heard.Advertisement(
        mac, Duration.ofSeconds((bytes[6] & 0xFF) << 8 | bytes[7] & 0xFF));
  }
}
