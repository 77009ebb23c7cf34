package dev.islet.dhcp.wire;

import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An option of DHCPv6 (RFC 8415 section 21.1). Options may come several times and hold others.
 *
 * @param code see {@link Code6}
 * @param value its bytes
 */
public record Option6(int code, Octets value) {

  /**
   * Reads options one after another; empty if they do not fill the bytes, in which case one of them
   * runs over the end.
   */
  public static Optional<List<Option6>> readAll(byte[] bytes, int from, int to) {
    var options = new ArrayList<Option6>();
    int at = from;
    while (at < to) {
      if (at + 4 > to || at + 4 + uint16(bytes, at + 2) > to) {
        return Optional.empty();
      }
      int length = uint16(bytes, at + 2);
      options.add(new Option6(uint16(bytes, at), Octets.of(bytes, at + 4, length)));
      at += 4 + length;
    }
    return Optional.of(List.copyOf(options));
  }

  /** The options inside this one, behind its own fields; none if they are broken. */
  public List<Option6> inside(int behind) {
    return value.size() < behind
        ? List.of()
        : readAll(value.toBytes(), behind, value.size()).orElse(List.of());
  }

  /** The first option of a code. */
  public static Optional<Octets> find(List<Option6> options, int code) {
    return options.stream().filter(o -> o.code == code).map(Option6::value).findFirst();
  }

  /** Code, length and bytes of each. */
  public static byte[] writeAll(List<Option6> options) {
    var out = new ByteArrayOutputStream();
    for (var option : options) {
      out.write(option.code >> 8);
      out.write(option.code);
      out.write(option.value.size() >> 8);
      out.write(option.value.size());
      out.writeBytes(option.value.toBytes());
    }
    return out.toByteArray();
  }

  /** Addresses one after another. */
  public static Option6 addresses(int code, List<Ip6> addresses) {
    var out = ByteBuffer.allocate(16 * addresses.size());
    addresses.forEach(a -> out.put(a.toBytes()));
    return new Option6(code, Octets.of(out.array()));
  }

  /** Domain names, never compressed (RFC 8415 section 10). */
  public static Option6 names(int code, List<String> names) {
    var out = new ByteArrayOutputStream();
    names.forEach(n -> out.writeBytes(DomainNames.encode(n)));
    return new Option6(code, Octets.of(out.toByteArray()));
  }

  /** Time servers by address, each a sub-option (RFC 5908). */
  public static Option6 ntp(List<Ip6> servers) {
    var parts = servers.stream().map(s -> new Option6(1, Octets.of(s.toBytes()))).toList();
    return new Option6(Code6.NTP, Octets.of(writeAll(parts)));
  }

  /** A number of seconds in four bytes. */
  public static Option6 seconds(int code, long seconds) {
    return new Option6(code, OptionCodec.number(Math.min(seconds, 0xFFFF_FFFFL), 4));
  }

  /** What became of a message or a binding. */
  public static Option6 status(int status, String why) {
    return new Option6(
        Code6.STATUS,
        OptionCodec.number(status, 2).plus(Octets.of(why.getBytes(StandardCharsets.UTF_8))));
  }

  /** An address of an IA_NA; lifetimes in seconds. */
  public static Option6 address(Ip6 address, long preferred, long valid) {
    return new Option6(
        Code6.IA_ADDRESS,
        Octets.of(
            ByteBuffer.allocate(24)
                .put(address.toBytes())
                .putInt(lifetime(preferred))
                .putInt(lifetime(valid))
                .array()));
  }

  /** A prefix of an IA_PD; lifetimes in seconds. */
  public static Option6 prefix(Ip6 prefix, int length, long preferred, long valid) {
    return new Option6(
        Code6.IA_PREFIX,
        Octets.of(
            ByteBuffer.allocate(25)
                .putInt(lifetime(preferred))
                .putInt(lifetime(valid))
                .put((byte) length)
                .put(prefix.toBytes())
                .array()));
  }

  /** IA_NA or IA_PD: identifier, times in seconds, and what is inside. */
  public static Option6 association(int code, int iaid, long t1, long t2, List<Option6> inside) {
    var head = ByteBuffer.allocate(12).putInt(iaid).putInt(lifetime(t1)).putInt(lifetime(t2));
    return new Option6(code, Octets.of(head.array()).plus(Octets.of(writeAll(inside))));
  }

  private static int lifetime(long seconds) {
    return (int) Math.min(seconds, 0xFFFF_FFFFL);
  }

  static int uint16(byte[] bytes, int at) {
    return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
  }
}
