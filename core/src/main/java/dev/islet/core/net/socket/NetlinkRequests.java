package dev.islet.core.net.socket;

import static dev.islet.core.net.socket.NetlinkCodec.ACK;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_DST;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_GATEWAY;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_MULTIPATH;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_OIF;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_PRIORITY;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_TABLE;
import static dev.islet.core.net.socket.NetlinkCodec.RTA_VIA;
import static dev.islet.core.net.socket.NetlinkCodec.RTM_DELROUTE;
import static dev.islet.core.net.socket.NetlinkCodec.RTM_NEWROUTE;
import static dev.islet.core.net.socket.NetlinkCodec.align;
import static dev.islet.core.net.socket.NetlinkCodec.family;

import java.nio.ByteBuffer;

/**
 * rtnetlink requests to bytes, without a socket; {@link NetlinkCodec} shows how they lie. A request
 * is appended to a buffer in the machine's byte order, so that several leave at once.
 */
final class NetlinkRequests {
  private static final int SCOPE_UNIVERSE = 0;
  private static final int SCOPE_LINK = 253;
  private static final int SCOPE_NOWHERE = 255;
  private static final int EXCL = 0x200;
  private static final int CREATE = 0x400;
  private static final int REPLACE = 0x100;
  private static final int DUMP = 0x300;
  private static final int REQUEST = 1;
  private static final int RTM_GETLINK = 18;
  private static final int RTM_GETADDR = 22;
  private static final int RTM_GETROUTE = 26;
  private static final int RTM_GETNEIGH = 30;

  private NetlinkRequests() {}

  /** Asks for every link. */
  static void getLinks(ByteBuffer out, int sequence) {
    int start = begin(out, RTM_GETLINK, REQUEST | DUMP, sequence);
    out.putLong(0).putLong(0); // ifinfomsg, all families
    end(out, start);
  }

  /** Asks for every address. */
  static void getAddresses(ByteBuffer out, int sequence) {
    int start = begin(out, RTM_GETADDR, REQUEST | DUMP, sequence);
    out.putLong(0); // ifaddrmsg, all families
    end(out, start);
  }

  /** Asks for every neighbour. */
  static void getNeighbors(ByteBuffer out, int sequence) {
    int start = begin(out, RTM_GETNEIGH, REQUEST | DUMP, sequence);
    out.putLong(0).putInt(0); // ndmsg, all families
    end(out, start);
  }

  /**
   * Asks for the routes of a family; with strict checking the kernel sends only those of the table
   * and protocol, without it all of them.
   *
   * @param protocol 0 for any
   */
  static void getRoutes(ByteBuffer out, int sequence, int family, int table, int protocol) {
    int start = begin(out, RTM_GETROUTE, REQUEST | DUMP, sequence);
    rtm(out, family, 0, table, protocol, 0, 0);
    u32(out, RTA_TABLE, table);
    end(out, start);
  }

  /** A change, with the flags its kind needs. */
  static void change(ByteBuffer out, int sequence, boolean ack, NetlinkChange change) {
    int flags = REQUEST | (ack ? ACK : 0);
    switch (change) {
      case NetlinkChange.Add(var route) -> newRoute(out, sequence, flags | CREATE | EXCL, route);
      case NetlinkChange.Replace(var route) ->
          newRoute(out, sequence, flags | CREATE | REPLACE, route);
      case NetlinkChange.Delete(var route) -> deleteRoute(out, sequence, flags, route);
    }
  }

  private static void newRoute(ByteBuffer out, int sequence, int flags, NetlinkRoute route) {
    int family = family(route.destination().address());
    int start = begin(out, RTM_NEWROUTE, flags, sequence);
    boolean onLink =
        route.kind() == NetlinkRoute.Kind.UNICAST
            && route.hops().stream().allMatch(h -> h.gateway().isEmpty());
    rtm(
        out,
        family,
        route.destination().length(),
        route.table(),
        route.protocol(),
        onLink ? SCOPE_LINK : SCOPE_UNIVERSE,
        route.kind().code());
    common(out, route);
    if (route.hops().size() == 1) {
      hop(out, family, route.hops().getFirst());
      if (route.hops().getFirst().nic() != 0) {
        u32(out, RTA_OIF, route.hops().getFirst().nic());
      }
    } else if (!route.hops().isEmpty()) {
      int multipath = beginAttribute(out, RTA_MULTIPATH);
      for (var hop : route.hops()) {
        int at = out.position();
        out.putShort((short) 0).put((byte) 0).put((byte) (hop.weight() - 1)).putInt(hop.nic());
        hop(out, family, hop);
        out.putShort(at, (short) (out.position() - at));
      }
      endAttribute(out, multipath);
    }
    end(out, start);
  }

  private static void deleteRoute(ByteBuffer out, int sequence, int flags, NetlinkRoute route) {
    int start = begin(out, RTM_DELROUTE, flags, sequence);
    rtm(
        out,
        family(route.destination().address()),
        route.destination().length(),
        route.table(),
        route.protocol(),
        SCOPE_NOWHERE,
        0);
    common(out, route);
    end(out, start);
  }

  private static void common(ByteBuffer out, NetlinkRoute route) {
    bytes(out, RTA_DST, route.destination().address().getAddress());
    u32(out, RTA_TABLE, route.table());
    if (route.metric() != 0) {
      u32(out, RTA_PRIORITY, route.metric());
    }
  }

  private static void hop(ByteBuffer out, int family, NetlinkRoute.Hop hop) {
    if (hop.gateway().isEmpty()) {
      return;
    }
    var gateway = hop.gateway().get();
    if (family(gateway) == family) {
      bytes(out, RTA_GATEWAY, gateway.getAddress());
    } else { // IPv4 over an IPv6 router (RFC 8950)
      int via = beginAttribute(out, RTA_VIA);
      out.putShort((short) family(gateway)).put(gateway.getAddress());
      endAttribute(out, via);
    }
  }

  private static void rtm(
      ByteBuffer out, int family, int length, int table, int protocol, int scope, int type) {
    out.put((byte) family).put((byte) length).put((byte) 0).put((byte) 0);
    out.put((byte) (table > 255 ? 0 : table)).put((byte) protocol).put((byte) scope);
    out.put((byte) type).putInt(0);
  }

  private static int begin(ByteBuffer out, int type, int flags, int sequence) {
    int start = out.position();
    out.putInt(0).putShort((short) type).putShort((short) flags).putInt(sequence).putInt(0);
    return start;
  }

  private static void end(ByteBuffer out, int start) {
    out.putInt(start, out.position() - start);
  }

  private static void u32(ByteBuffer out, int type, int value) {
    out.putShort((short) 8).putShort((short) type).putInt(value);
  }

  private static void bytes(ByteBuffer out, int type, byte[] value) {
    int at = beginAttribute(out, type);
    out.put(value);
    endAttribute(out, at);
  }

  private static int beginAttribute(ByteBuffer out, int type) {
    int at = out.position();
    out.putShort((short) 0).putShort((short) type);
    return at;
  }

  private static void endAttribute(ByteBuffer out, int at) {
    int length = out.position() - at;
    out.putShort(at, (short) length);
    for (int pad = length; pad < align(length); pad++) {
      out.put((byte) 0);
    }
  }
}
