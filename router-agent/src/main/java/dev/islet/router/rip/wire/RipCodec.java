package dev.islet.router.rip.wire;

import dev.islet.router.model.RipAuth;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * RIP messages to bytes and back (RFC 2453 sections 3.6 and 4, RFC 4822 section 2).
 *
 * <pre>
 *  command | version | 0 0 | entry 1 | … | entry n            plain
 *  command | version | 0 0 | FFFF 0002 password | entry …     simple password
 *  command | version | 0 0 | FFFF 0003 length key-id … | entry … | FFFF 0001 digest   keyed
 * </pre>
 */
public final class RipCodec {
  private static final int PASSWORD = 2;
  private static final int KEYED = 3;
  private static final int TRAILER = 1;

  private RipCodec() {}

  /** How many routes fit into one message under the given authentication. */
  public static int room(RipAuth auth) {
    return auth instanceof RipAuth.Open ? RipMessage.MAX_ENTRIES : RipMessage.MAX_ENTRIES - 1;
  }

  /** Reads a datagram; never throws. */
  public static Parsed read(byte[] datagram) {
    int length = datagram.length;
    if (length < RipMessage.HEADER) {
      return new Parsed.Malformed(0, "shorter than a header");
    }
    var in = ByteBuffer.wrap(datagram);
    int version = datagram[1] & 0xFF;
    RipMessage.Command command;
    switch (datagram[0]) {
      case 1 -> command = RipMessage.Command.REQUEST;
      case 2 -> command = RipMessage.Command.RESPONSE;
      default -> {
        return new Parsed.Malformed(0, "unknown command");
      }
    }
    if (version == 0) {
      return new Parsed.Malformed(1, "version 0");
    }
    if (version == 1 && in.getShort(2) != 0) {
      return new Parsed.Malformed(2, "version 1 field not zero"); // section 4.6, 3.9
    }
    int first = RipMessage.HEADER;
    int end = length;
    Proof proof = new Proof.Absent();
    boolean authenticated =
        version > 1
            && length >= first + RipEntry.BYTES
            && (in.getShort(first) & 0xFFFF) == RipEntry.AUTH;
    if (authenticated) {
      switch (in.getShort(first + 2)) {
        case PASSWORD ->
            proof = new Proof.Password(Arrays.copyOfRange(datagram, first + 4, first + 20));
        case KEYED -> {
          switch (keyed(in, datagram)) {
            case Parsed.Malformed fault -> {
              return fault;
            }
            case Parsed.Good(_, var digest) -> proof = digest;
          }
          end = in.getShort(first + 4) & 0xFFFF;
        }
        default -> {
          return new Parsed.Malformed(first + 2, "unknown authentication type");
        }
      }
      first += RipEntry.BYTES;
    }
    return entries(in, command, Math.min(version, 2), version == 1, first, end, proof);
  }

  private static Parsed entries(
      ByteBuffer in,
      RipMessage.Command command,
      int version,
      boolean strict,
      int first,
      int end,
      Proof proof) {
    if ((end - first) % RipEntry.BYTES != 0) {
      return new Parsed.Malformed(end - (end - first) % RipEntry.BYTES, "cut entry");
    }
    if (end - RipMessage.HEADER > RipMessage.MAX_ENTRIES * RipEntry.BYTES) {
      return new Parsed.Malformed(
          RipMessage.HEADER + RipMessage.MAX_ENTRIES * RipEntry.BYTES, "more than 25 entries");
    }
    var entries = new ArrayList<RipEntry>((end - first) / RipEntry.BYTES);
    for (int at = first; at < end; at += RipEntry.BYTES) {
      var entry =
          new RipEntry(
              in.getShort(at) & 0xFFFF,
              in.getShort(at + 2) & 0xFFFF,
              in.getInt(at + 4),
              in.getInt(at + 8),
              in.getInt(at + 12),
              in.getInt(at + 16));
      if (strict && (entry.tag() | entry.mask() | entry.nextHop()) != 0) {
        return new Parsed.Malformed(at + 2, "version 1 field not zero");
      }
      entries.add(entry);
    }
    return new Parsed.Good(new RipMessage(command, version, entries), proof);
  }

  /** Reads the first entry of a keyed message and the trailer it points to. */
  private static Parsed keyed(ByteBuffer in, byte[] datagram) {
    int at = RipMessage.HEADER;
    int signedLength = in.getShort(at + 4) & 0xFFFF;
    int digestLength = datagram.length - signedLength - 4;
    if (signedLength < at + RipEntry.BYTES || digestLength < 1) {
      return new Parsed.Malformed(at + 4, "digest outside the datagram");
    }
    // Some write the length of the whole trailer here, four more than RFC 4822 says.
    int told = datagram[at + 7] & 0xFF;
    if (told != digestLength && told != digestLength + 4) {
      return new Parsed.Malformed(at + 7, "digest length does not fit");
    }
    if (in.getShort(signedLength) != (short) RipEntry.AUTH
        || in.getShort(signedLength + 2) != TRAILER) {
      return new Parsed.Malformed(signedLength, "no digest where the first entry says");
    }
    return new Parsed.Good(
        new RipMessage(RipMessage.Command.REQUEST, 2, List.of()),
        new Proof.Digest(
            datagram[at + 6] & 0xFF,
            in.getInt(at + 8) & 0xFFFF_FFFFL,
            Arrays.copyOf(datagram, signedLength + 4),
            Arrays.copyOfRange(datagram, signedLength + 4, datagram.length)));
  }

  /**
   * Writes a message.
   *
   * @param sequence the next sequence number of a keyed message; else ignored
   * @throws IllegalArgumentException if there are more entries than {@link #room}
   */
  public static byte[] write(RipMessage message, RipAuth auth, long sequence) {
    if (message.entries().size() > room(auth)) {
      throw new IllegalArgumentException(
          message.entries().size() + " entries do not fit, room is for " + room(auth));
    }
    int entries = message.entries().size() + (auth instanceof RipAuth.Open ? 0 : 1);
    int length = RipMessage.HEADER + entries * RipEntry.BYTES;
    var key =
        auth instanceof RipAuth.Keyed(var keys)
            ? Optional.of(keys.getFirst())
            : Optional.<RipAuth.SharedKey>empty();
    int trailer = key.map(k -> 4 + k.algorithm().length()).orElse(0);
    var out = ByteBuffer.allocate(length + trailer);
    out.put((byte) message.command().code()).put((byte) message.version()).putShort((short) 0);
    switch (auth) {
      case RipAuth.Open() -> {}
      case RipAuth.Password(var text) ->
          out.putShort((short) RipEntry.AUTH).putShort((short) PASSWORD).put(Proof.padded(text));
      case RipAuth.Keyed(var keys) ->
          out.putShort((short) RipEntry.AUTH)
              .putShort((short) KEYED)
              .putShort((short) length)
              .put((byte) keys.getFirst().id())
              .put((byte) keys.getFirst().algorithm().length())
              .putInt((int) sequence)
              .putLong(0);
    }
    for (var entry : message.entries()) {
      out.putShort((short) entry.family())
          .putShort((short) entry.tag())
          .putInt(entry.address())
          .putInt(entry.mask())
          .putInt(entry.nextHop())
          .putInt(entry.metric());
    }
    if (key.isPresent()) {
      out.putShort((short) RipEntry.AUTH).putShort((short) TRAILER);
      out.put(Proof.digest(key.get(), Arrays.copyOf(out.array(), length + 4)));
    }
    return out.array();
  }
}
