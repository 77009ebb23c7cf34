package dev.islet.dns.fast;

import dev.islet.dns.wire.NameKey;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Node;
import dev.islet.dns.zone.Zone;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Type;

/**
 * Finds the records that prove what is not there, or not signed (RFC 4035 section 3.1.3, RFC 5155
 * section 7.2), as {@code dnssec.Proofs} does, in the same order. Used again for each reply; serves
 * one thread; nothing is allocated.
 */
final class FastProofs {
  /** More than a chain of aliases needs that does not go through many wildcards. */
  private static final int MAX = 16;

  private final byte[][] nodes = new byte[MAX][0];
  private final int[] sets = new int[MAX];
  private final byte[] star = new byte[WireName.MAX + 1];
  private final HashedName hash = new HashedName();
  private int size;
  private boolean whole;

  // The zone of the step.
  private boolean hashed;
  private int type;

  // Where the owner of a denial is, in a question's name or in the hash of it.
  private byte[] owner = star;
  private int ownerAt;
  private int ownerLength;

  void begin() {
    size = 0;
    whole = true;
  }

  /** Whether all was found that the slow lane would find. */
  boolean whole() {
    return whole;
  }

  int size() {
    return size;
  }

  /** The node of a proof. */
  byte[] node(int i) {
    return nodes[i];
  }

  /** The set of a proof in its node. */
  int set(int i) {
    return sets[i];
  }

  /**
   * That no name is closer to one that a wildcard answered for.
   *
   * @param above how many labels off the name leave the closest name that is there
   */
  void wildcard(Zone zone, NameKey name, int above) {
    if (takes(zone)) {
      // The labels in the signature tell the encloser.
      covering(zone, name, hashed ? above - 1 : 0);
    }
  }

  /** That a name is not there, nor a wildcard for it. */
  void noName(Zone zone, NameKey name, int above) {
    if (takes(zone)) {
      noCloser(zone, name, above);
      int length = star(name, above);
      if (length < 0) {
        whole = false;
      } else {
        covering(zone, star, 0, length);
      }
    }
  }

  /** That a name has not the type. */
  void noData(Zone zone, NameKey name) {
    if (takes(zone) && !matching(zone, name, 0)) {
      unmatched(zone, name, 0);
    }
  }

  /** That the wildcard which answers for a name has not the type. */
  void noDataOfWildcard(Zone zone, NameKey name, int above) {
    if (takes(zone)) {
      noCloser(zone, name, above);
      // The walk found it, so its name is not too long.
      int length = star(name, above);
      if (!matching(zone, star, 0, length)) {
        if (hashed) {
          whole = false; // a wildcard that no NSEC3 record tells of
        } else {
          covering(zone, star, 0, length);
        }
      }
    }
  }

  /**
   * That a delegation is signed, or is not.
   *
   * @param at how many labels off the name leave that of the delegation
   * @param node of the delegation
   */
  void referral(Zone zone, NameKey name, int at, byte[] node) {
    if (!takes(zone)) {
      return;
    }
    int ds = Node.set(node, Type.DS);
    if (ds >= 0) {
      add(node, ds);
    } else if (!matching(zone, name, at)) {
      unmatched(zone, name, at);
    }
  }

  /** Of a name without a record of its own: one that opted out, or is empty. */
  private void unmatched(Zone zone, NameKey name, int at) {
    if (!hashed) {
      covering(zone, name, at);
      return;
    }
    int top = name.labels() - zone.depth();
    int above = at + 1;
    while (above < top && !isMatched(zone, name, above)) {
      above++;
    }
    if (above > top) {
      whole = false; // nothing above the zone's own name proves anything of it
    } else {
      noCloserFrom(zone, name, at, above);
    }
  }

  private void noCloser(Zone zone, NameKey name, int above) {
    noCloserFrom(zone, name, 0, above);
  }

  /** That a name, without its first {@code at} labels, is not there, nor anything in between. */
  private void noCloserFrom(Zone zone, NameKey name, int at, int above) {
    if (hashed) {
      matching(zone, name, above);
      covering(zone, name, above - 1);
    } else {
      covering(zone, name, at);
    }
  }

  private boolean takes(Zone zone) {
    int param = Node.set(zone.apex(), Type.NSEC3PARAM);
    hashed = param >= 0 && !zone.order(Type.NSEC3).isEmpty();
    if (param >= 0 && !hashed) {
      whole = false;
    } else if (hashed) {
      hash.under(zone.apex(), param);
    }
    type = hashed ? Type.NSEC3 : Type.NSEC;
    return whole;
  }

  private int star(NameKey name, int above) {
    int from = name.start(above);
    int length = name.length() - from;
    if (length + 2 > WireName.MAX) {
      return -1;
    }
    star[0] = 1;
    star[1] = '*';
    System.arraycopy(name.bytes(), from, star, 2, length);
    return length + 2;
  }

  private boolean matching(Zone zone, NameKey name, int without) {
    int from = name.start(without);
    return matching(zone, name.bytes(), from, name.length() - from);
  }

  private boolean matching(Zone zone, byte[] name, int from, int length) {
    var node = find(zone, name, from, length);
    int set = node == null ? -1 : Node.set(node, type);
    if (node != null && set >= 0) {
      add(node, set);
    }
    return set >= 0;
  }

  private boolean isMatched(Zone zone, NameKey name, int without) {
    int from = name.start(without);
    var node = find(zone, name.bytes(), from, name.length() - from);
    return node != null && Node.set(node, type) >= 0;
  }

  /** The node that has the denial of a name, if there is one. */
  private byte @Nullable [] find(Zone zone, byte[] name, int from, int length) {
    own(name, from, length);
    return zone.proof(
        owner, ownerAt, ownerLength, WireName.hash(owner, ownerAt, ownerAt + ownerLength));
  }

  private void covering(Zone zone, NameKey name, int without) {
    int from = name.start(without);
    covering(zone, name.bytes(), from, name.length() - from);
  }

  private void covering(Zone zone, byte[] name, int from, int length) {
    own(name, from, length);
    var before = zone.order(type).atOrBefore(owner, ownerAt);
    if (before != null) {
      var node = zone.proof(before, 0, before.length, WireName.hash(before, 0, before.length));
      if (node != null && Node.set(node, type) >= 0) {
        add(node, Node.set(node, type));
      }
    }
  }

  /** Makes the owner of the denial of a name. */
  private void own(byte[] name, int from, int length) {
    owner = hashed ? hash.owner() : name;
    ownerAt = hashed ? 0 : from;
    ownerLength = hashed ? hash.of(name, from, length) : length;
  }

  private void add(byte[] node, int set) {
    int length = Node.nameLength(node);
    for (int i = 0; i < size; i++) {
      if (Node.type(nodes[i], sets[i]) == Node.type(node, set)
          && Node.nameLength(nodes[i]) == length
          && WireName.same(nodes[i], Node.NAME, node, Node.NAME, length)) {
        whole &= nodes[i] == node; // one name, two zones: for the slow lane
        return;
      }
    }
    if (size == MAX) {
      whole = false;
      return;
    }
    nodes[size] = node;
    sets[size++] = set;
  }
}
