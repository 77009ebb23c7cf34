package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.WireName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * One zone at one serial: an immutable snapshot that any number of threads may read.
 *
 * <p>It holds {@linkplain Node bytes}, from which answers on the fast lane are copied; what is
 * asked for as values is made of them each time. All names that exist are in its table, empty
 * non-terminals too, so a missing one means that neither the name nor anything below it exists.
 */
public final class Zone {
  private final Name origin;
  private final byte[] originWire;
  private final int originHash;
  private final NodeTable nodes;
  private final byte[] apex;
  private final RrSet soa;
  private final long negativeTtl;
  private final boolean signed;
  private final Order nsec;
  private final Order nsec3;

  private Zone(Name origin, NodeTable nodes, Order nsec, Order nsec3) {
    this.origin = origin;
    this.originWire = origin.toWireCanonical();
    this.originHash = WireName.hash(originWire, 0, originWire.length);
    this.nodes = nodes;
    this.nsec = nsec;
    this.nsec3 = nsec3;
    var top = nodes.find(originWire, 0, originWire.length, originHash);
    int start = top == null ? -1 : Node.set(top, Type.SOA);
    if (top == null || start < 0) {
      throw new IllegalArgumentException(origin + " has no SOA record");
    }
    this.apex = top;
    this.soa = Node.read(top, start, Node.name(top));
    this.negativeTtl = Math.min(soa.ttl(), start().getMinimum());
    this.signed = Node.set(top, Type.RRSIG) >= 0 || Node.set(top, Type.DNSKEY) >= 0;
  }

  /**
   * A zone of records that were checked before; see {@link ZoneBuilder}.
   *
   * @throws IllegalArgumentException if there is no SOA record at the top
   */
  static Zone of(Name origin, NodeTable nodes, Order nsec, Order nsec3) {
    return new Zone(origin, nodes, nsec, nsec3);
  }

  /** What a walk down to a name found. */
  public sealed interface Found {
    /** The set that was asked for; {@code wildcard} if it was made from one. */
    record Sets(List<RrSet> sets, boolean wildcard) implements Found {}

    /** An alias at the name. */
    record Alias(RrSet cname, Name target) implements Found {}

    /** A DNAME above the name (RFC 6672). */
    record Redirect(RrSet dname, DNAMERecord record) implements Found {}

    /** A delegation at or above the name. */
    record Delegation(RrSet servers) implements Found {}

    /** The name exists, the type does not. */
    record NoData() implements Found {}

    /** The name does not exist, and no wildcard covers it. */
    record NoName() implements Found {}
  }

  public Name origin() {
    return origin;
  }

  /** The SOA set at the top. */
  public RrSet soa() {
    return soa;
  }

  /** The SOA set as negative answers carry it: TTL is min(TTL, minimum) (RFC 2308 section 3). */
  public RrSet negativeSoa() {
    return soa.withTtl(negativeTtl);
  }

  /** The TTL of {@link #negativeSoa}. */
  public long negativeTtl() {
    return negativeTtl;
  }

  /** The fields of the start of authority. */
  public SOARecord start() {
    return (SOARecord) soa.records().getFirst();
  }

  public long serial() {
    return start().getSerial();
  }

  /** How many names hold records. */
  public int names() {
    return (int) nodes.nodes().filter(n -> !Node.isEmpty(n)).count();
  }

  /** Every set, in no order. */
  public Stream<RrSet> sets() {
    return nodes.nodes().flatMap(n -> Node.read(n).stream());
  }

  /**
   * Every set of the names at which another state of the zone may hold other records; those that
   * both share are known not to differ, and cost next to nothing.
   */
  public Stream<RrSet> setsUnlike(Zone other) {
    return nodes.nodesUnlike(other.nodes).flatMap(n -> Node.read(n).stream());
  }

  /** Every record with the TTL of its set, in no order. */
  public Stream<Record> records() {
    return sets().flatMap(s -> s.records().stream());
  }

  /**
   * Hands on every record as it is on the wire, not compressed and with the case of its names (RFC
   * 1035 section 3.2.1), in no order.
   */
  public void wire(Consumer<byte[]> out) {
    nodes.nodes().forEach(node -> Node.wire(node, out));
  }

  /** Whether both hold the same records with the same TTLs. */
  public boolean sameAs(Zone other) {
    return nodes.size() == other.nodes.size() && nodes.nodes().allMatch(n -> sameNode(n, other));
  }

  private static boolean sameNode(byte[] node, Zone other) {
    int length = Node.nameLength(node);
    int hash = WireName.hash(node, Node.NAME, Node.NAME + length);
    var theirs = other.nodes.find(node, Node.NAME, length, hash);
    return theirs != null
        && (Arrays.equals(node, theirs) || contents(node).equals(contents(theirs)));
  }

  /** By type, the TTL and the records, in whatever order they are. */
  private static Map<Integer, Map.Entry<Long, Set<Record>>> contents(byte[] node) {
    var contents = new HashMap<Integer, Map.Entry<Long, Set<Record>>>();
    for (var set : Node.read(node)) {
      contents.put(set.type(), Map.entry(set.ttl(), Set.copyOf(set.records())));
    }
    return contents;
  }

  /** The sets at exactly this name, whatever lies above it. */
  public List<RrSet> at(Name name) {
    var node = node(name);
    return node == null ? List.of() : Node.read(node);
  }

  /** The set at exactly this name and type, whatever lies above it. */
  public Optional<RrSet> at(Name name, int type) {
    var node = node(name);
    return node == null ? Optional.empty() : Optional.ofNullable(find(node, type));
  }

  /** The node at the top. */
  public byte[] apex() {
    return apex;
  }

  /**
   * The node of a name given as bytes, see {@link NodeTable#find}; null if the name is not there to
   * be asked for.
   */
  public byte @Nullable [] node(byte[] key, int from, int length, int hash) {
    var node = nodes.find(key, from, length, hash);
    return node == null || Node.isHash(node) ? null : node;
  }

  /** Reads what a look-up of a name of this hash is going to read first, and tells nothing. */
  public int touch(int hash) {
    return nodes.touch(hash);
  }

  /** The same for a name that may only be the hash of another (RFC 5155 section 3). */
  public byte @Nullable [] proof(byte[] key, int from, int length, int hash) {
    return nodes.find(key, from, length, hash);
  }

  /** Whether a name is there to be asked for, if only because something is below it. */
  public boolean exists(Name name) {
    var node = node(name);
    return node != null && !Node.isHash(node);
  }

  /** The owners of NSEC records, or of NSEC3 records, in their order. */
  public Order order(int type) {
    return type == Type.NSEC3 ? nsec3 : nsec;
  }

  /** Whether this is the zone's own name; see {@link NodeTable#find}. */
  boolean isOrigin(byte[] key, int from, int length, int hash) {
    return hash == originHash
        && length == originWire.length
        && WireName.same(key, from, originWire, 0, length);
  }

  int originHash() {
    return originHash;
  }

  /** Whether it holds signatures, so that who asks with DO gets more (RFC 4035 section 3.1). */
  public boolean isSigned() {
    return signed;
  }

  /** How many labels its name has, the root's not counted. */
  public int depth() {
    return origin.labels() - 1;
  }

  private byte @Nullable [] node(Name name) {
    var wire = name.toWire();
    return nodes.find(wire, 0, wire.length, WireName.hash(wire, 0, wire.length));
  }

  private static @Nullable RrSet find(byte[] node, int type) {
    int at = Node.set(node, type);
    return at < 0 ? null : Node.read(node, at, Node.name(node));
  }

  /** The walk of RFC 1034 section 4.3.2, step 3, with RFC 4592 and RFC 6672. */
  public Found find(Name name, int type) {
    int depth = name.labels() - origin.labels();
    var here = apex;
    Name encloser = origin;
    for (int level = 1; level <= depth; level++) {
      // What lies below a DNAME or a delegation is not ours to answer.
      var redirect = find(here, Type.DNAME);
      if (redirect != null) {
        return new Found.Redirect(redirect, (DNAMERecord) redirect.records().getFirst());
      }
      var at = level == depth ? name : new Name(name, depth - level);
      var next = node(at);
      if (next == null || Node.isHash(next)) {
        return wildcard(encloser, name, type);
      }
      var servers = find(next, Type.NS);
      if (servers != null && !(level == depth && type == Type.DS)) {
        return new Found.Delegation(servers);
      }
      here = next;
      encloser = at;
    }
    return matched(here, type, null);
  }

  private Found wildcard(Name encloser, Name asked, int type) {
    Name star;
    try {
      star = Name.concatenate(STAR, encloser);
    } catch (org.xbill.DNS.NameTooLongException e) {
      return new Found.NoName();
    }
    var node = node(star);
    return node == null ? new Found.NoName() : matched(node, type, asked);
  }

  private static Found matched(byte[] node, int type, @Nullable Name owner) {
    var alias = find(node, Type.CNAME);
    if (alias != null && type != Type.CNAME && type != Type.ANY) {
      var target = ((org.xbill.DNS.CNAMERecord) alias.records().getFirst()).getTarget();
      return new Found.Alias(owner == null ? alias : alias.at(owner), target);
    }
    var sets = new ArrayList<RrSet>(1);
    var name = Node.name(node);
    for (int at = Node.sets(node); at < node.length; at = Node.next(node, at)) {
      if (type == Type.ANY || Node.type(node, at) == type) {
        for (var set : byTtl(Node.read(node, at, name))) {
          sets.add(owner == null ? set : set.at(owner));
        }
      }
    }
    return sets.isEmpty() ? new Found.NoData() : new Found.Sets(sets, owner != null);
  }

  /**
   * Signatures have the TTLs of the sets they cover, so those of one name may differ (RFC 4034
   * section 3).
   */
  private static Collection<RrSet> byTtl(RrSet set) {
    if (set.type() != Type.RRSIG) {
      return List.of(set);
    }
    var sets = new LinkedHashMap<Long, RrSet>();
    for (var record : set.records()) {
      sets.merge(
          record.getTTL(),
          new RrSet(set.name(), set.type(), record.getTTL(), List.of(record)),
          (some, one) ->
              new RrSet(
                  set.name(),
                  set.type(),
                  one.ttl(),
                  Stream.concat(some.records().stream(), one.records().stream()).toList()));
    }
    return sets.values();
  }

  /** A copy to change; the result shares what did not change. */
  public ZoneEdit edit() {
    return new ZoneEdit(origin, nodes.edit(), nsec, nsec3);
  }

  private static final Name STAR = Name.fromConstantString("*");
}
