package dev.islet.dns.fast;

import dev.islet.dns.wire.NameKey;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Node;
import dev.islet.dns.zone.Zones;
import org.xbill.DNS.Type;

/**
 * Adds the addresses of the hosts that a set names, as {@code zone.Additional} finds them. Serves
 * one thread; nothing is allocated.
 */
final class FastHosts {
  private static final int MAX_HOSTS = 16;

  // Which hosts of a set.
  private static final int BOTH = 0;
  private static final int BELOW = 1;
  private static final int BESIDE = 2;

  private final FastReply reply;
  private final NameKey host = new NameKey();
  private final int[] hostNames = new int[MAX_HOSTS];
  private byte[] node = new byte[0];
  private int set;
  private boolean proving;

  /** Whether the last pass over hosts has left some for the next. */
  private boolean beside;

  FastHosts(FastReply reply) {
    this.reply = reply;
  }

  private void begin(byte[] of, int at, boolean signed) {
    node = of;
    set = at;
    proving = signed;
  }

  /**
   * Addresses of the hosts in a set, as far as they fit.
   *
   * @param signed whether with signatures
   * @return false if they are not known, and the slow lane must answer
   */
  boolean additional(Zones zones, byte[] of, int at, boolean signed) {
    begin(of, at, signed);
    return switch (Node.type(node, set)) {
      case Type.NS -> addresses(zones, 0, BOTH) != FastLane.SLOW;
      case Type.MX -> addresses(zones, 2, BOTH) != FastLane.SLOW;
      case Type.SRV -> addresses(zones, 6, BOTH) != FastLane.SLOW;
      // These send the asker to more than addresses, or hardly ever do.
      case Type.AFSDB, Type.RT, Type.KX, Type.MB, Type.MD, Type.MF -> false;
      case Type.NAPTR, Type.SVCB, Type.HTTPS -> false;
      default -> true;
    };
  }

  /** Glue of a referral, that below the cut first; 1 if all of that fits, 0 if not (RFC 9471). */
  int referred(Zones zones, byte[] of, int at, boolean signed) {
    begin(of, at, signed);
    beside = false;
    int whole = addresses(zones, 0, BELOW);
    return whole == FastLane.SLOW || beside && addresses(zones, 0, BESIDE) == FastLane.SLOW
        ? FastLane.SLOW
        : whole;
  }

  /**
   * Addresses of the hosts named in the set, {@code skip} bytes into each record's data.
   *
   * @param which those below the set's owner, the others, or both
   * @return 1 if all fit, 0 if one was left out, {@link FastLane#SLOW} if they are too many
   */
  private int addresses(Zones zones, int skip, int which) {
    int hosts = 0;
    int whole = 1;
    int end = Node.next(node, set);
    for (int at = set + Node.SET_HEAD; at < end; at += 2 + Node.dataLength(node, at)) {
      int name = at + 2 + skip;
      if (seen(name, hosts)) {
        continue;
      }
      if (hosts == MAX_HOSTS) {
        return FastLane.SLOW;
      }
      hostNames[hosts++] = name;
      if (which != BOTH && below(name) != (which == BELOW)) {
        beside = true;
        continue;
      }
      host.read(node, name, node.length);
      var zone = zones.nearest(host, Type.A);
      if (zone != null && zone.depth() == 0) {
        return FastLane.SLOW;
      }
      var there = zone == null ? null : zone.node(host.bytes(), 0, host.length(), host.hash(0));
      if (there != null) {
        whole &= address(there, Type.A) & address(there, Type.AAAA);
      }
    }
    return whole;
  }

  /** Whether a host's name lies at or below the owner of the set. */
  private boolean below(int name) {
    int owner = Node.nameLength(node);
    int from = name + WireName.length(node, name) - owner;
    if (from < name || !WireName.same(node, from, node, Node.NAME, owner)) {
      return false;
    }
    int label = name; // the octets may look alike where no label begins
    while (label < from) {
      label += node[label] + 1;
    }
    return label == from;
  }

  private boolean seen(int name, int hosts) {
    int length = WireName.length(node, name);
    for (int i = 0; i < hosts; i++) {
      if (WireName.length(node, hostNames[i]) == length
          && WireName.same(node, hostNames[i], node, name, length)) {
        return true;
      }
    }
    return false;
  }

  private int address(byte[] there, int type) {
    int addresses = Node.set(there, type);
    if (addresses < 0) {
      return 1;
    }
    int ttl = Node.ttl(there, addresses);
    boolean fits =
        reply.set(FastReply.ADDITIONAL, there, addresses, ttl, there, Node.NAME)
            && (!proving
                || reply.signatures(FastReply.ADDITIONAL, there, type, ttl, there, Node.NAME));
    return fits ? 1 : 0;
  }
}
