package dev.islet.core.net.socket;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * rtnetlink messages read from bytes, without a socket; {@link NetlinkRequests} writes them.
 * Integers are in the machine's order, addresses in the network's.
 *
 * <pre>
 *  nlmsghdr 16:  length u32 | type u16 | flags u16 | sequence u32 | port u32
 *  ifinfomsg 16: family u8, pad u8, type u16 | index i32 | flags u32 | change u32
 *  ifaddrmsg 8:  family, prefix length, flags, scope u8 | index u32
 *  ndmsg 12:     family u8, pad u8, pad u16 | index i32 | state u16, flags u8, type u8
 *  rtmsg 12:     family, destination length, source length, tos u8 |
 *                table, protocol, scope, type u8 | flags u32
 *  rtattr:       length u16 | type u16 | value, padded to 4
 *  rtnexthop 8:  length u16 | flags u8 | weight - 1 u8 | index i32 | attributes
 * </pre>
 */
final class NetlinkCodec {
  static final int HEADER = 16;
  static final int RTM = 12;

  static final int NLMSG_ERROR = 2;
  static final int NLMSG_DONE = 3;
  static final int RTM_NEWLINK = 16;
  static final int RTM_DELLINK = 17;
  static final int RTM_NEWADDR = 20;
  static final int RTM_DELADDR = 21;
  static final int RTM_NEWROUTE = 24;
  static final int RTM_DELROUTE = 25;
  static final int RTM_NEWNEIGH = 28;

  static final int ACK = 4;
  static final int DUMP_INTR = 0x10;
  static final int CAPPED = 0x100;
  static final int ACK_TLVS = 0x200;

  static final int RTA_DST = 1;
  static final int RTA_OIF = 4;
  static final int RTA_GATEWAY = 5;
  static final int RTA_PRIORITY = 6;
  static final int RTA_MULTIPATH = 9;
  static final int RTA_TABLE = 15;
  static final int RTA_VIA = 18;
  private static final int RTM_F_CLONED = 0x200;

  // Reachable, stale, delay, probe, permanent; not incomplete, failed, or without ARP.
  private static final int NUD_KNOWN = 0x02 | 0x04 | 0x08 | 0x10 | 0x80;

  private NetlinkCodec() {}

  /** A message as it came, its content not looked at. */
  record Message(int type, int flags, int sequence, ByteBuffer body) {}

  /**
   * An acknowledgement.
   *
   * @param errno 0 for success
   * @param explanation the kernel's, or empty
   */
  record Ack(int errno, String explanation) {}

  /** The messages in a datagram; stops at the first that is cut. */
  static List<Message> messages(ByteBuffer datagram) {
    var in = datagram.duplicate().order(ByteOrder.nativeOrder());
    var messages = new ArrayList<Message>();
    while (in.remaining() >= HEADER) {
      int at = in.position();
      int length = in.getInt(at);
      if (length < HEADER || length > in.remaining()) {
        break;
      }
      messages.add(
          new Message(
              in.getShort(at + 4) & 0xFFFF,
              in.getShort(at + 6) & 0xFFFF,
              in.getInt(at + 8),
              in.slice(at + HEADER, length - HEADER).order(ByteOrder.nativeOrder())));
      in.position(Math.min(in.limit(), at + align(length)));
    }
    return messages;
  }

  /** The link of a NEWLINK or DELLINK. */
  static Optional<NetlinkLink> link(Message message) {
    var in = message.body();
    if (in.limit() < 16) {
      return Optional.empty();
    }
    int index = in.getInt(4);
    int flags = in.getInt(8);
    String name = null;
    int mtu = 0;
    var mac = new MacAddress(0);
    for (var each : attributes(in, 16)) {
      switch (each.type()) {
        case 1 -> mac = each.size() == 6 ? MacAddress.of(each.bytes(), 0) : mac;
        case 3 -> name = each.text();
        case 4 -> mtu = each.u32();
        default -> {}
      }
    }
    boolean up = (flags & 1) != 0;
    boolean running = (flags & 0x40) != 0;
    return name == null
        ? Optional.empty()
        : Optional.of(new NetlinkLink(index, name, up, up && running, (flags & 8) != 0, mtu, mac));
  }

  /** The address of a NEWADDR or DELADDR. */
  static Optional<NetlinkAddress> address(Message message) {
    var in = message.body();
    if (in.limit() < 8) {
      return Optional.empty();
    }
    InetAddress address = null;
    InetAddress local = null;
    for (var each : attributes(in, 8)) {
      switch (each.type()) {
        case 1 -> address = each.address();
        case 2 -> local = each.address();
        default -> {}
      }
    }
    var own = local != null ? local : address;
    if (own == null || address == null || (in.get(1) & 0xFF) > 8 * own.getAddress().length) {
      return Optional.empty();
    }
    return Optional.of(new NetlinkAddress(in.getInt(4), own, Prefix.of(address, in.get(1) & 0xFF)));
  }

  /** The neighbour of a NEWNEIGH; empty while its link-layer address is not known. */
  static Optional<NetlinkNeighbor> neighbor(Message message) {
    var in = message.body();
    if (in.limit() < 12 || (in.getShort(8) & NUD_KNOWN) == 0) {
      return Optional.empty();
    }
    InetAddress address = null;
    MacAddress mac = null;
    for (var each : attributes(in, 12)) {
      switch (each.type()) {
        case 1 -> address = each.address();
        case 2 -> mac = each.size() == 6 ? MacAddress.of(each.bytes(), 0) : null;
        default -> {}
      }
    }
    return address == null || mac == null
        ? Optional.empty()
        : Optional.of(new NetlinkNeighbor(in.getInt(4), address, mac));
  }

  /** The route of a NEWROUTE or DELROUTE; empty for cached ones and other families. */
  static Optional<NetlinkRoute> route(Message message) {
    var in = message.body();
    if (in.limit() < RTM || (in.getInt(8) & RTM_F_CLONED) != 0) {
      return Optional.empty();
    }
    int family = in.get(0);
    int length = in.get(1) & 0xFF;
    int table = in.get(4) & 0xFF;
    InetAddress destination = null;
    InetAddress gateway = null;
    int nic = 0;
    int metric = 0;
    List<NetlinkRoute.Hop> hops = new ArrayList<>();
    for (var each : attributes(in, RTM)) {
      switch (each.type()) {
        case RTA_DST -> destination = each.address();
        case RTA_OIF -> nic = each.u32();
        case RTA_GATEWAY -> gateway = each.address();
        case RTA_VIA -> gateway = each.via();
        case RTA_PRIORITY -> metric = each.u32();
        case RTA_TABLE -> table = each.u32();
        case RTA_MULTIPATH -> hops = hops(each.value());
        default -> {}
      }
    }
    int bytes = family == Libc.AF_INET ? 4 : family == Libc.AF_INET6 ? 16 : 0;
    if (bytes == 0 || length > 8 * bytes || table < 1) {
      return Optional.empty();
    }
    var kind = NetlinkRoute.Kind.of(in.get(7) & 0xFF);
    boolean forwards = kind == NetlinkRoute.Kind.UNICAST || kind == NetlinkRoute.Kind.OTHER;
    if (forwards && hops.isEmpty() && (gateway != null || nic != 0)) {
      hops.add(new NetlinkRoute.Hop(Optional.ofNullable(gateway), nic, 1));
    }
    var network = destination != null ? destination : inet(new byte[bytes]);
    if (network == null || network.getAddress().length != bytes) {
      return Optional.empty();
    }
    return Optional.of(
        new NetlinkRoute(
            Prefix.of(network, length),
            table,
            in.get(5) & 0xFF,
            metric,
            kind,
            forwards ? hops : List.of()));
  }

  private static List<NetlinkRoute.Hop> hops(ByteBuffer in) {
    var hops = new ArrayList<NetlinkRoute.Hop>();
    int at = 0;
    while (in.limit() - at >= 8) {
      int length = in.getShort(at) & 0xFFFF;
      if (length < 8 || length > in.limit() - at) {
        break;
      }
      InetAddress gateway = null;
      for (var each : attributes(in.slice(at, length).order(ByteOrder.nativeOrder()), 8)) {
        gateway =
            switch (each.type()) {
              case RTA_GATEWAY -> each.address();
              case RTA_VIA -> each.via();
              default -> gateway;
            };
      }
      hops.add(
          new NetlinkRoute.Hop(
              Optional.ofNullable(gateway), in.getInt(at + 4), (in.get(at + 3) & 0xFF) + 1));
      at += align(length);
    }
    return hops;
  }

  /** The acknowledgement in an ERROR or DONE message, with the kernel's own words. */
  static Ack ack(Message message) {
    var in = message.body();
    if (in.limit() < 4) {
      return new Ack(0, "");
    }
    int errno = -in.getInt(0);
    int attributes = 4;
    if (message.type() == NLMSG_ERROR) {
      // The request follows: its header only if capped or successful, else the whole of it.
      attributes = 4 + HEADER;
      if (errno != 0 && (message.flags() & CAPPED) == 0 && in.limit() >= 8) {
        attributes = 4 + align(Math.max(HEADER, in.getInt(4)));
      }
    }
    String explanation = "";
    if ((message.flags() & ACK_TLVS) != 0 && attributes <= in.limit()) {
      for (var each : attributes(in, attributes)) {
        if (each.type() == 1) {
          explanation = each.text();
        }
      }
    }
    return new Ack(errno, explanation);
  }

  private record Attribute(int type, ByteBuffer value) {
    int size() {
      return value.limit();
    }

    int u32() {
      return size() >= 4 ? value.getInt(0) : 0;
    }

    byte[] bytes() {
      var copy = new byte[size()];
      value.get(0, copy);
      return copy;
    }

    String text() {
      int end = size();
      while (end > 0 && value.get(end - 1) == 0) {
        end--;
      }
      return new String(bytes(), 0, end, StandardCharsets.UTF_8);
    }

    @Nullable InetAddress address() {
      return inet(bytes());
    }

    @Nullable InetAddress via() {
      return size() > 2 ? inet(java.util.Arrays.copyOfRange(bytes(), 2, size())) : null;
    }
  }

  private static List<Attribute> attributes(ByteBuffer in, int from) {
    var attributes = new ArrayList<Attribute>();
    int at = from;
    while (in.limit() - at >= 4) {
      int length = in.getShort(at) & 0xFFFF;
      if (length < 4 || length > in.limit() - at) {
        break;
      }
      attributes.add(
          new Attribute(
              in.getShort(at + 2) & 0x3FFF, // without the nested and byte-order marks
              in.slice(at + 4, length - 4).order(ByteOrder.nativeOrder())));
      at += align(length);
    }
    return attributes;
  }

  private static @Nullable InetAddress inet(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null; // neither 4 nor 16 bytes
    }
  }

  static int family(InetAddress address) {
    return address.getAddress().length == 4 ? Libc.AF_INET : Libc.AF_INET6;
  }

  static int align(int length) {
    return length + 3 & ~3;
  }
}
