package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
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
 * <p>All names that exist are keys of the map, empty non-terminals too, so a missing key means that
 * neither the name nor anything below it exists.
 */
public final class Zone {
  private final Name origin;
  private final Map<Name, Node> nodes;
  private final RrSet soa;

  private Zone(Name origin, Map<Name, Node> nodes) {
    this.origin = origin;
    this.nodes = nodes;
    var top = nodes.getOrDefault(origin, Node.EMPTY);
    var found = top.find(Type.SOA);
    if (found == null) {
      throw new IllegalArgumentException(origin + " has no SOA record");
    }
    this.soa = found;
  }

  /**
   * A zone of records that were checked before; see {@link ZoneBuilder}.
   *
   * @throws IllegalArgumentException if there is no SOA record at the top
   */
  static Zone of(Name origin, Map<Name, Node> nodes) {
    return new Zone(origin, nodes);
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
    return soa.withTtl(Math.min(soa.ttl(), start().getMinimum()));
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
    return (int) nodes.values().stream().filter(n -> !n.isEmpty()).count();
  }

  /** Every set, in no order. */
  public Stream<RrSet> sets() {
    return nodes.values().stream().flatMap(n -> n.sets().stream());
  }

  /** Every record with the TTL of its set, in no order. */
  public Stream<Record> records() {
    return sets().flatMap(s -> s.records().stream());
  }

  /** Whether both hold the same records with the same TTLs. */
  public boolean sameAs(Zone other) {
    return sets().collect(Collectors.toSet()).equals(other.sets().collect(Collectors.toSet()));
  }

  /** The sets at exactly this name, whatever lies above it. */
  public List<RrSet> at(Name name) {
    return nodes.getOrDefault(name, Node.EMPTY).sets();
  }

  /** The set at exactly this name and type, whatever lies above it. */
  public Optional<RrSet> at(Name name, int type) {
    return Optional.ofNullable(nodes.getOrDefault(name, Node.EMPTY).find(type));
  }

  /** The walk of RFC 1034 section 4.3.2, step 3, with RFC 4592 and RFC 6672. */
  public Found find(Name name, int type) {
    int depth = name.labels() - origin.labels();
    Node here = nodes.getOrDefault(origin, Node.EMPTY);
    Name encloser = origin;
    for (int level = 1; level <= depth; level++) {
      // What lies below a DNAME or a delegation is not ours to answer.
      var redirect = here.find(Type.DNAME);
      if (redirect != null) {
        return new Found.Redirect(redirect, (DNAMERecord) redirect.records().getFirst());
      }
      var at = level == depth ? name : new Name(name, depth - level);
      var next = nodes.get(at);
      if (next == null) {
        return wildcard(encloser, name, type);
      }
      var servers = next.find(Type.NS);
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
    var node = nodes.get(star);
    return node == null ? new Found.NoName() : matched(node, type, asked);
  }

  private static Found matched(Node node, int type, @Nullable Name owner) {
    var alias = node.find(Type.CNAME);
    if (alias != null && type != Type.CNAME && type != Type.ANY) {
      var target = ((org.xbill.DNS.CNAMERecord) alias.records().getFirst()).getTarget();
      return new Found.Alias(owner == null ? alias : alias.at(owner), target);
    }
    var sets = new ArrayList<RrSet>(1);
    for (var set : node.sets()) {
      if (type == Type.ANY || set.type() == type) {
        sets.add(owner == null ? set : set.at(owner));
      }
    }
    return sets.isEmpty() ? new Found.NoData() : new Found.Sets(sets, owner != null);
  }

  /** A copy to change; the result shares what did not change. */
  public ZoneEdit edit() {
    return new ZoneEdit(origin, new HashMap<>(nodes));
  }

  private static final Name STAR = Name.fromConstantString("*");
}
