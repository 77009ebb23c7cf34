package dev.islet.dhcp.wire;

import dev.islet.core.net.MacAddress;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.MessageType6;
import dev.islet.dhcp.model.Octets;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * A DHCPv6 message (RFC 8415 section 8), and the relays it came through.
 *
 * <pre>
 * client and server:  type 1 | transaction id 3 | options
 * relay (section 9):  type 1 | hop count 1 | link address 16 | peer address 16 | options,
 *                     one of which is the message
 * </pre>
 *
 * @param relays outermost first; none if the client sent it itself
 */
public record Message6(
    List<Relay> relays, MessageType6 type, int transaction, List<Option6> options) {
  /** More relays than HOP_COUNT_LIMIT lets through (RFC 8415 section 7.6). */
  static final int MOST_RELAYS = 8;

  private static final int RELAY_HEAD = 34;

  public Message6 {
    relays = List.copyOf(relays);
    options = List.copyOf(options);
  }

  /**
   * A relay on the way.
   *
   * @param link an address on the client's link; none if the relay has none
   * @param peer who sent the message to the relay
   * @param options without the message
   */
  public record Relay(int hops, Ip6 link, Ip6 peer, List<Option6> options) {
    public Relay {
      options = List.copyOf(options);
    }
  }

  /** What bytes are. */
  public sealed interface Read {
    /** A message. */
    record Ok(Message6 message) implements Read {}

    /** No message. */
    record Malformed(int offset, String reason) implements Read {}
  }

  /** Reads the payload of a datagram; never throws for what the network sends. */
  public static Read read(byte[] bytes) {
    var relays = new ArrayList<Relay>();
    int from = 0;
    int to = bytes.length;
    while (true) {
      if (to - from < 4) {
        return new Read.Malformed(from, "only " + (to - from) + " bytes, a message has at least 4");
      }
      var type = MessageType6.of(bytes[from] & 0xFF);
      if (type.isEmpty()) {
        return new Read.Malformed(from, "type " + (bytes[from] & 0xFF) + " is unknown");
      }
      if (type.get() != MessageType6.RELAY_FORWARD) {
        var options = Option6.readAll(bytes, from + 4, to);
        if (options.isEmpty()) {
          return new Read.Malformed(from + 4, "an option runs over the end");
        }
        var fault = lengths(options.get());
        if (fault.isPresent()) {
          return new Read.Malformed(from + 4, fault.get());
        }
        int transaction = ByteBuffer.wrap(bytes, from, 4).getInt() & 0xFF_FFFF;
        return new Read.Ok(new Message6(relays, type.get(), transaction, options.get()));
      }
      if (relays.size() > MOST_RELAYS) {
        return new Read.Malformed(from, "it came through too many relays");
      }
      if (to - from < RELAY_HEAD) {
        return new Read.Malformed(from, "a relay's message has at least 34 bytes");
      }
      int at = from + RELAY_HEAD;
      var options = Option6.readAll(bytes, at, to);
      if (options.isEmpty()) {
        return new Read.Malformed(at, "an option runs over the end");
      }
      int inner = -1;
      for (var option : options.get()) {
        if (option.code() == Code6.RELAY_MESSAGE && inner < 0) {
          inner = at + 4;
          to = inner + option.value().size();
        }
        at += 4 + option.value().size();
      }
      if (inner < 0) {
        return new Read.Malformed(from + RELAY_HEAD, "a relay forwards no message");
      }
      relays.add(
          new Relay(
              bytes[from + 1] & 0xFF,
              Ip6.of(bytes, from + 2),
              Ip6.of(bytes, from + 18),
              options.get().stream().filter(o -> o.code() != Code6.RELAY_MESSAGE).toList()));
      from = inner;
    }
  }

  /** The options every decision rests on. */
  private static Optional<String> lengths(List<Option6> options) {
    var once = new HashSet<Integer>();
    for (var option : options) {
      int size = option.value().size();
      var wrong =
          switch (option.code()) {
            case Code6.CLIENT_ID, Code6.SERVER_ID ->
                // RFC 8415 section 11.1: a type of two bytes and at most 128 more.
                size < 3 || size > 130 ? "a DUID has 3 to 130 bytes" : "";
            case Code6.IA_NA, Code6.IA_PD ->
                size < 12 || Option6.readAll(option.value().toBytes(), 12, size).isEmpty()
                    ? "an IA is broken"
                    : "";
            case Code6.OPTION_REQUEST -> size % 2 != 0 ? "option 6 has an odd length" : "";
            case Code6.ELAPSED -> size != 2 ? "option 8 has not 2 bytes" : "";
            default -> "";
          };
      boolean twice =
          switch (option.code()) {
            case Code6.CLIENT_ID, Code6.SERVER_ID -> !once.add(option.code());
            default -> false;
          };
      if (!wrong.isEmpty() || twice) {
        return Optional.of(twice ? "option " + option.code() + " is there twice" : wrong);
      }
    }
    return Optional.empty();
  }

  /** The bytes; through relays, what they unpack on the way back (RFC 8415 section 19.3). */
  public byte[] write() {
    var body = Option6.writeAll(options);
    var bytes =
        ByteBuffer.allocate(4 + body.length)
            .putInt(type.code() << 24 | transaction)
            .put(body)
            .array();
    for (var relay : relays.reversed()) {
      var packed = new ArrayList<>(relay.options());
      packed.add(new Option6(Code6.RELAY_MESSAGE, Octets.of(bytes)));
      var inside = Option6.writeAll(packed);
      bytes =
          ByteBuffer.allocate(RELAY_HEAD + inside.length)
              .put((byte) MessageType6.RELAY_REPLY.code())
              .put((byte) relay.hops())
              .put(relay.link().toBytes())
              .put(relay.peer().toBytes())
              .put(inside)
              .array();
    }
    return bytes;
  }

  /** The first option of a code. */
  public Optional<Octets> get(int code) {
    return Option6.find(options, code);
  }

  /** Whether an option is there. */
  public boolean has(int code) {
    return get(code).isPresent();
  }

  /** The codes the client asks for (option 6). */
  public List<Integer> wanted() {
    var codes = new ArrayList<Integer>();
    get(Code6.OPTION_REQUEST)
        .ifPresent(
            o -> {
              for (int i = 0; i + 2 <= o.size(); i += 2) {
                codes.add(o.uint16(i));
              }
            });
    return codes;
  }

  /** What relays get back: the interface identifier and the port (RFC 8415 19.3, RFC 8357). */
  public List<Relay> echoed() {
    return relays.stream()
        .map(
            r ->
                new Relay(
                    r.hops(),
                    r.link(),
                    r.peer(),
                    r.options().stream()
                        .filter(o -> o.code() == Code6.INTERFACE_ID || o.code() == Code6.RELAY_PORT)
                        .toList()))
        .toList();
  }

  /**
   * The client's link-layer address: what the relay nearest to it says (RFC 6939), or what its DUID
   * is made of (RFC 8415 sections 11.2 and 11.4).
   */
  public Optional<MacAddress> hardware() {
    if (!relays.isEmpty()) {
      var told =
          Option6.find(relays.getLast().options(), Code6.CLIENT_LINK_LAYER)
              .filter(o -> o.size() == 8 && o.uint16(0) == 1);
      if (told.isPresent()) {
        return Optional.of(MacAddress.of(told.get().toBytes(), 2));
      }
    }
    var duid = get(Code6.CLIENT_ID).orElse(Octets.EMPTY);
    if (duid.size() == 10 && duid.uint16(0) == 3 && duid.uint16(2) == 1) {
      return Optional.of(MacAddress.of(duid.toBytes(), 4));
    }
    if (duid.size() == 14 && duid.uint16(0) == 1 && duid.uint16(2) == 1) {
      return Optional.of(MacAddress.of(duid.toBytes(), 8));
    }
    return Optional.empty();
  }
}
