package dev.islet.dns.fast;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.fast.Checkpoint.Kind;
import dev.islet.dns.wire.NameKey;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Node;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import dev.islet.dns.zone.Zones;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Answers a question out of the bytes of our zones or of the cache, or says that the slow lane
 * must. One lane serves one thread; nothing is allocated.
 *
 * <p>It follows RFC 1034 section 4.3.2 as {@code zone.Authority} does. DNAMEs, DS, ANY, signatures,
 * aliases that leave our zones or do not end soon are for the slow lane.
 */
public final class FastLane {
  /** The slow lane must answer. */
  public static final int SLOW = -1;

  private static final int HEADER = 12;

  /** Longer chains, and those that go in a circle, are for the slow lane. */
  private static final int MAX_ALIASES = 8;

  private static final int MAX_HOSTS = 16;
  private static final int LAST_PLAIN_TYPE = 127;
  private static final byte[] NOTHING = new byte[0];

  // What a walk ends in.
  private static final int SET = 0;
  private static final int NO_DATA = 1;
  private static final int NO_NAME = 2;
  private static final int REFERRAL = 3;
  private static final int ALIAS = 4;
  private static final int UNKNOWN = 5;

  // Which hosts of a set.
  private static final int BOTH = 0;
  private static final int BELOW = 1;
  private static final int BESIDE = 2;

  private final ZoneHolder holder;
  private final AnswerCache cache;
  private final FastSwitch control;
  private final TimeSource time;
  private final FastQuestion question = new FastQuestion();
  private final FastReply reply = new FastReply();
  private final dev.islet.dns.filter.NameKey filtered = new dev.islet.dns.filter.NameKey();
  private final NameKey target = new NameKey();
  private final NameKey host = new NameKey();
  private final byte[] star = new byte[WireName.MAX + 1];
  private final int[] hostNames = new int[MAX_HOSTS];

  // What the last walk found.
  private byte[] node = NOTHING;
  private int set;
  private boolean wild;

  /** Whether the last pass over hosts has left some for the next. */
  private boolean beside;

  private int rcode;
  private boolean said;
  private boolean cached;
  private Kind kind = Kind.ANSWER;

  /**
   * @param time the clock of the cache
   */
  public FastLane(ZoneHolder holder, AnswerCache cache, FastSwitch control, TimeSource time) {
    this.holder = holder;
    this.cache = cache;
    this.control = control;
    this.time = time;
  }

  /**
   * Answers a message.
   *
   * @param message the datagram, of {@code length} bytes
   * @param clientHigh the upper half of the asker's address; 0 for IPv4
   * @param clientLow the lower half; {@code ::ffff:a.b.c.d} for IPv4
   * @param out takes the reply; has room for the largest over UDP
   * @return how many bytes the reply has; 0 if there is none; or {@link #SLOW}
   */
  public int answer(byte[] message, int length, long clientHigh, long clientLow, byte[] out) {
    var rules = control.now();
    if (!rules.isOpen()
        || !question.read(message, length, clientHigh, clientLow)
        || !rules.pass(question)) {
      return SLOW;
    }
    var zones = holder.now();
    var zone = zones.nearest(question.name());
    if (!takes(question.type()) || zone != null && !takes(zone)) {
      return SLOW;
    }
    boolean recursion = rules.recursionFor(question);
    said = true;
    cached = zone == null;
    question.fromCache(cached);
    reply.begin(message, question, out);
    int bytes =
        zone != null
            ? answer(zones, zone, recursion)
            : zones.areAvailable() ? cached(rules, recursion) : SLOW;
    if (bytes < 0) {
      return SLOW;
    }
    return switch (rules.pass(question, kind)) {
      case SEND -> bytes;
      case DROP -> {
        said = false;
        yield 0;
      }
      case SLOW -> SLOW;
      case CUT -> {
        said = false;
        reply.begin(message, question, out);
        yield reply.finish(question, Rcode.NOERROR, false, true, recursion);
      }
    };
  }

  /** Whether the last answer was said, and not kept back for being one too many. */
  public boolean said() {
    return said;
  }

  /** Whether the last answer was out of the cache. */
  public boolean cached() {
    return cached;
  }

  /** The response code of the last answer. */
  public int rcode() {
    return rcode;
  }

  /** Types of data; DS lies above a delegation and OPT nowhere. */
  private static boolean takes(int type) {
    return type > 0
        && (type <= LAST_PLAIN_TYPE || type > Type.ANY)
        && type != Type.DS
        && type != Type.OPT;
  }

  /** In the root zone special names have to be told from others, in a signed one proofs be made. */
  private boolean takes(Zone zone) {
    return zone.depth() > 0 && !(zone.isSigned() && question.dnssecOk());
  }

  /** An answer out of the cache, if the asker may have it and no rule is about the name. */
  private int cached(FastRules rules, boolean recursion) {
    var filter = rules.filter();
    var name = question.name();
    if (filter == null || !recursion || !name.isLower()) {
      return SLOW;
    }
    if (!filter.isIdle() && !filter.knowsNothingOf(filtered.fill(name.bytes(), 0))) {
      return SLOW;
    }
    long now = time.now();
    var kept =
        cache.kept(
            name, question.type(), question.dnssecOk(), question.checkingDisabled(), filter, now);
    if (kept == null) {
      return SLOW;
    }
    int code = kept.flags() & 0xF;
    if (code == Rcode.NXDOMAIN) {
      kind = Kind.NO_NAME;
    } else if (code == Rcode.NOERROR) {
      kind = kept.answers() > 0 ? Kind.ANSWER : Kind.NO_DATA;
    } else {
      return SLOW;
    }
    rcode = code;
    return reply.kept(kept, now) ? reply.finish(question, kept) : SLOW;
  }

  private int answer(Zones zones, Zone first, boolean recursion) {
    var zone = first;
    var name = question.name();
    byte[] owner = NOTHING; // of an alias's target; the question's name needs none
    int ownerAt = 0;
    boolean cut = false;
    for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      boolean asked = aliases == 0;
      int found = walk(zone, name, question.type());
      switch (found) {
        case SET, ALIAS -> {
          if (!cut) {
            cut =
                !(asked
                    ? reply.asked(FastReply.ANSWER, node, set)
                    : wild
                        ? write(FastReply.ANSWER, owner, ownerAt)
                        : write(FastReply.ANSWER, node, Node.NAME));
          }
          if (found == SET) {
            if (!cut && !additional(zones)) {
              return SLOW;
            }
            kind = Kind.ANSWER;
            return end(Rcode.NOERROR, true, cut, recursion);
          }
          owner = node;
          ownerAt = set + Node.SET_HEAD + 2;
          target.read(owner, ownerAt, owner.length);
          name = target;
          var next = zones.nearest(target);
          if (next == null || !takes(next)) {
            return SLOW;
          }
          zone = next;
        }
        case NO_DATA, NO_NAME -> {
          if (!cut) {
            var apex = zone.apex();
            int soa = Node.set(apex, Type.SOA);
            cut =
                !reply.set(
                    FastReply.AUTHORITY, apex, soa, (int) zone.negativeTtl(), apex, Node.NAME);
          }
          kind = found == NO_NAME ? Kind.NO_NAME : asked ? Kind.NO_DATA : Kind.ANSWER;
          return end(found == NO_NAME ? Rcode.NXDOMAIN : Rcode.NOERROR, true, cut, recursion);
        }
        case REFERRAL -> {
          if (!cut) {
            cut = !write(FastReply.AUTHORITY, node, Node.NAME);
            if (!cut) {
              int whole = referred(zones);
              if (whole == SLOW) {
                return SLOW;
              }
              cut = whole == 0;
            }
          }
          kind = asked ? Kind.REFERRAL : Kind.ANSWER;
          return end(Rcode.NOERROR, !asked, cut, recursion);
        }
        default -> {
          return SLOW;
        }
      }
    }
    return SLOW;
  }

  private boolean write(int section, byte[] owner, int ownerAt) {
    return reply.set(section, node, set, Node.ttl(node, set), owner, ownerAt);
  }

  private int end(int code, boolean authoritative, boolean cut, boolean recursion) {
    rcode = code;
    return reply.finish(question, code, authoritative, cut, recursion);
  }

  /** The walk of {@code Zone.find}; leaves the node and the set it found. */
  private int walk(Zone zone, NameKey name, int type) {
    wild = false;
    var here = zone.apex();
    for (int i = name.labels() - zone.depth(); i > 0; ) {
      if ((Node.traits(here) & Node.DNAME) != 0) {
        return UNKNOWN;
      }
      i--;
      int from = name.start(i);
      var next = zone.node(name.bytes(), from, name.length() - from, name.hash(i));
      if (next == null) {
        if ((Node.traits(here) & Node.WILD) == 0) {
          return NO_NAME;
        }
        var found = wildcard(zone, name, i + 1);
        if (found == null) {
          return NO_NAME;
        }
        wild = true;
        return matched(found, type);
      }
      if ((Node.traits(next) & Node.NS) != 0) {
        node = next;
        set = Node.set(next, Type.NS);
        return REFERRAL;
      }
      here = next;
    }
    return matched(here, type);
  }

  /** The node of {@code *} below the name without its first {@code i} labels. */
  private byte @Nullable [] wildcard(Zone zone, NameKey name, int i) {
    int from = name.start(i);
    int length = name.length() - from;
    star[0] = 1;
    star[1] = '*';
    System.arraycopy(name.bytes(), from, star, 2, length);
    int hash = WireName.step(WireName.step(name.hash(i), (byte) '*'), (byte) 1);
    return zone.node(star, 0, length + 2, hash);
  }

  private int matched(byte[] found, int type) {
    node = found;
    if ((Node.traits(found) & Node.CNAME) != 0 && type != Type.CNAME) {
      set = Node.set(found, Type.CNAME);
      return ALIAS;
    }
    set = Node.set(found, type);
    return set < 0 ? NO_DATA : SET;
  }

  /** Addresses of the hosts in the set found, as far as they fit; false if it is not known. */
  private boolean additional(Zones zones) {
    return switch (Node.type(node, set)) {
      case Type.NS -> addresses(zones, 0, BOTH) != SLOW;
      case Type.MX -> addresses(zones, 2, BOTH) != SLOW;
      case Type.SRV -> addresses(zones, 6, BOTH) != SLOW;
      // These send the asker to more than addresses, or hardly ever do.
      case Type.AFSDB, Type.RT, Type.KX, Type.MB, Type.MD, Type.MF -> false;
      case Type.NAPTR, Type.SVCB, Type.HTTPS -> false;
      default -> true;
    };
  }

  /** Glue of a referral, that below the cut first; 1 if all of that fits, 0 if not (RFC 9471). */
  private int referred(Zones zones) {
    beside = false;
    int whole = addresses(zones, 0, BELOW);
    return whole == SLOW || beside && addresses(zones, 0, BESIDE) == SLOW ? SLOW : whole;
  }

  /**
   * Addresses of the hosts named in the set found, {@code skip} bytes into each record's data.
   *
   * @param which those below the set's owner, the others, or both
   * @return 1 if all fit, 0 if one was left out, {@link #SLOW} if they are too many
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
        return SLOW;
      }
      hostNames[hosts++] = name;
      if (which != BOTH && below(name) != (which == BELOW)) {
        beside = true;
        continue;
      }
      host.read(node, name, node.length);
      var zone = zones.nearest(host);
      if (zone != null && !takes(zone)) {
        return SLOW;
      }
      var there = zone == null ? null : zone.node(host.bytes(), 0, host.length(), host.hash(0));
      if (there != null) {
        whole &= address(there, Type.A) & address(there, Type.AAAA);
      }
    }
    return whole;
  }

  /** Whether a host's name lies at or below the owner of the set found. */
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
    boolean fits =
        addresses < 0
            || reply.set(
                FastReply.ADDITIONAL,
                there,
                addresses,
                Node.ttl(there, addresses),
                there,
                Node.NAME);
    return fits ? 1 : 0;
  }
}
