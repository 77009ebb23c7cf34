package dev.islet.dns.fast;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.cache.AnswerCache;
import dev.islet.dns.fast.Checkpoint.Kind;
import dev.islet.dns.model.Transport;
import dev.islet.dns.wire.NameKey;
import dev.islet.dns.wire.WireName;
import dev.islet.dns.zone.Node;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import dev.islet.dns.zone.Zones;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Answers a question out of the bytes of our zones or of the cache, or says that the slow lane
 * must. One lane serves one thread; nothing is allocated.
 *
 * <p>It follows RFC 1034 section 4.3.2 as {@code zone.Authority} does. DNAMEs, ANY, aliases that do
 * not end soon, or that are followed out of our zones, are for the slow lane.
 */
public final class FastLane {
  /** The slow lane must answer. */
  public static final int SLOW = -1;

  /** Longer chains, and those that go in a circle, are for the slow lane. */
  private static final int MAX_ALIASES = 8;

  private static final int LAST_PLAIN_TYPE = 127;
  private static final byte[] NOTHING = new byte[0];

  // What a walk ends in.
  private static final int SET = 0;
  private static final int NO_DATA = 1;
  private static final int NO_NAME = 2;
  private static final int REFERRAL = 3;
  private static final int ALIAS = 4;
  private static final int UNKNOWN = 5;

  private final ZoneHolder holder;
  private final AnswerCache cache;
  private final FastSwitch control;
  private final TimeSource time;
  private final Foresight foresight = new Foresight();
  private final FastQuestion single = new FastQuestion();
  private final FastReply reply;
  private final FastHosts hosts;
  private final FastProofs proofs = new FastProofs();
  private final dev.islet.dns.filter.NameKey filtered = new dev.islet.dns.filter.NameKey();
  private final NameKey target = new NameKey();
  private final byte[] star = new byte[WireName.MAX + 1];

  /** What is being answered. */
  private FastQuestion question = single;

  // What the last walk found.
  private byte[] node = NOTHING;
  private int set;
  private boolean wild;

  /** Labels off the name leave what the walk went down to: an encloser, a delegation. */
  private int above;

  /** Whether the answer is of signed zones, for somebody who wants proofs. */
  private boolean proving;

  /** Whether an alias that leads out of our zones ends the answer. */
  private boolean leaves;

  private int rcode;
  private boolean said;
  private boolean cached;
  private Kind kind = Kind.ANSWER;

  /**
   * @param time the clock of the cache
   * @param nsid the server's name, for those who ask for it (RFC 5001)
   */
  public FastLane(
      ZoneHolder holder,
      AnswerCache cache,
      FastSwitch control,
      TimeSource time,
      Optional<String> nsid) {
    this.reply = new FastReply(nsid.map(n -> n.getBytes(StandardCharsets.UTF_8)).orElse(NOTHING));
    this.hosts = new FastHosts(reply);
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
   * @param transport what it came over
   * @param out takes the reply; has room for the largest over UDP, or over the stream
   * @return how many bytes the reply has; 0 if there is none; or {@link #SLOW}
   */
  public int answer(
      byte[] message,
      int length,
      long clientHigh,
      long clientLow,
      Transport transport,
      byte[] out) {
    return single.read(message, length, clientHigh, clientLow, transport)
        ? answer(single, message, out)
        : SLOW;
  }

  /** Says that a question just read will be answered soon; see {@link #fetch}. */
  public void expect(FastQuestion soon) {
    foresight.expect(holder.now(), soon.name());
  }

  /** Gets what the questions expected need nearer to the processor, at once for all. */
  public void fetch() {
    foresight.fetch();
  }

  /**
   * Answers a question that was read before.
   *
   * @param message the bytes it was read from
   * @param out as for a message
   * @return as for a message
   */
  public int answer(FastQuestion asked, byte[] message, byte[] out) {
    question = asked;
    var rules = control.now();
    if (!rules.isOpen() || !rules.pass(question) || !question.isAnswered()) {
      return SLOW;
    }
    var zones = holder.now();
    var zone = zones.nearest(question.name(), question.type());
    proving = zone != null && zone.isSigned() && question.dnssecOk();
    if (!takes(question.type()) || zone != null && !takes(zone)) {
      return SLOW;
    }
    boolean recursion = rules.recursionFor(question);
    leaves = rules.endsOutside(question);
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
        yield question.hasCookie()
            ? reply.badCookie(question, recursion)
            : reply.finish(question, Rcode.NOERROR, false, true, recursion);
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

  /**
   * Types of data; OPT is none, signatures of one name have several TTLs, and with proofs the
   * proofs themselves are not for here.
   */
  private boolean takes(int type) {
    return type > 0
        && (type <= LAST_PLAIN_TYPE || type > Type.ANY)
        && type != Type.OPT
        && type != Type.RRSIG
        && !(proving && (type == Type.NSEC || type == Type.NSEC3));
  }

  /** In the root zone special names have to be told from others; all signed or none are proven. */
  private boolean takes(Zone zone) {
    return zone.depth() > 0 && (!question.dnssecOk() || zone.isSigned() == proving);
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
    proofs.begin();
    for (int aliases = 0; aliases <= MAX_ALIASES; aliases++) {
      boolean asked = aliases == 0;
      int found = walk(zone, name, question.type());
      switch (found) {
        case SET, ALIAS -> {
          if (!cut) {
            cut = !(asked ? asked() : wild ? written(owner, ownerAt) : written(node, Node.NAME));
          }
          if (proving && wild) {
            proofs.wildcard(zone, name, above);
          }
          if (found == SET) {
            cut = cut || !proven();
            if (!cut && !hosts.additional(zones, node, set, proving)) {
              return SLOW;
            }
            kind = Kind.ANSWER;
            return end(Rcode.NOERROR, true, cut, recursion);
          }
          owner = node;
          ownerAt = set + Node.SET_HEAD + 2;
          target.read(owner, ownerAt, owner.length);
          name = target;
          var next = zones.nearest(target, question.type());
          if (next == null && leaves && zones.areAvailable()) {
            cut = cut || !proven();
            kind = Kind.ANSWER;
            return end(Rcode.NOERROR, true, cut, recursion);
          }
          if (next == null || !takes(next)) {
            return SLOW;
          }
          zone = next;
        }
        case NO_DATA, NO_NAME -> {
          if (proving) {
            deny(zone, name, found);
          }
          cut = cut || !start(zone) || !proven();
          kind = found == NO_NAME ? Kind.NO_NAME : asked ? Kind.NO_DATA : Kind.ANSWER;
          return end(found == NO_NAME ? Rcode.NXDOMAIN : Rcode.NOERROR, true, cut, recursion);
        }
        case REFERRAL -> {
          if (proving) {
            proofs.referral(zone, name, above, node);
          }
          int ttl = Node.ttl(node, set);
          cut =
              cut || !reply.set(FastReply.AUTHORITY, node, set, ttl, node, Node.NAME) || !proven();
          if (!cut) {
            int whole = hosts.referred(zones, node, set, proving);
            if (whole == SLOW) {
              return SLOW;
            }
            cut = whole == 0;
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

  /** Writes the set found as the answer for the name in the question; whether it fits. */
  private boolean asked() {
    return reply.asked(FastReply.ANSWER, node, set)
        && (!proving || reply.askedSignatures(FastReply.ANSWER, node, set));
  }

  /** Writes the set found as an answer for another name; whether it fits. */
  private boolean written(byte[] owner, int ownerAt) {
    int ttl = Node.ttl(node, set);
    return reply.set(FastReply.ANSWER, node, set, ttl, owner, ownerAt)
        && (!proving
            || reply.signatures(FastReply.ANSWER, node, Node.type(node, set), ttl, owner, ownerAt));
  }

  /** Writes the start of authority of a negative answer; whether it fits. */
  private boolean start(Zone zone) {
    var apex = zone.apex();
    int soa = Node.set(apex, Type.SOA);
    int ttl = (int) zone.negativeTtl();
    return reply.set(FastReply.AUTHORITY, apex, soa, ttl, apex, Node.NAME)
        && (!proving
            || reply.signatures(FastReply.AUTHORITY, apex, Type.SOA, ttl, apex, Node.NAME));
  }

  private void deny(Zone zone, NameKey name, int found) {
    if (found == NO_NAME) {
      proofs.noName(zone, name, above);
    } else if (wild) {
      proofs.noDataOfWildcard(zone, name, above);
    } else {
      proofs.noData(zone, name);
    }
  }

  /** Writes the proofs found on the way; whether they fit. */
  private boolean proven() {
    for (int i = 0; i < proofs.size(); i++) {
      var proof = proofs.node(i);
      int of = proofs.set(i);
      int ttl = Node.ttl(proof, of);
      if (!reply.set(FastReply.AUTHORITY, proof, of, ttl, proof, Node.NAME)
          || !reply.signatures(
              FastReply.AUTHORITY, proof, Node.type(proof, of), ttl, proof, Node.NAME)) {
        return false;
      }
    }
    return true;
  }

  private int end(int code, boolean authoritative, boolean cut, boolean recursion) {
    rcode = code;
    return proofs.whole() ? reply.finish(question, code, authoritative, cut, recursion) : SLOW;
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
        above = i + 1;
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
      if ((Node.traits(next) & Node.NS) != 0 && !(i == 0 && type == Type.DS)) {
        above = i;
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
}
