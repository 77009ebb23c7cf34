package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * A zone in the making: puts and takes single records and keeps the empty names between the top and
 * every record in place. Holds no rules; those of updates are in {@code update}, those of files in
 * {@link ZoneBuilder}.
 */
public final class ZoneEdit {
  private final Name origin;
  private final NodeTable.Editor nodes;
  private final OrderEdit nsec;
  private final OrderEdit nsec3;

  /** Whether every node was made here, so that nobody else sees it yet. */
  private final boolean fresh;

  ZoneEdit(Name origin, NodeTable.Editor nodes, Order nsec, Order nsec3) {
    this(origin, nodes, nsec, nsec3, false);
  }

  private ZoneEdit(Name origin, NodeTable.Editor nodes, Order nsec, Order nsec3, boolean fresh) {
    this.fresh = fresh;
    this.origin = origin;
    this.nodes = nodes;
    this.nsec = new OrderEdit(nsec);
    this.nsec3 = new OrderEdit(nsec3);
  }

  /** Which names joined or left an order. */
  private record OrderEdit(Order from, Set<Name> come, Set<Name> gone) {
    OrderEdit(Order from) {
      this(from, new HashSet<>(), new HashSet<>());
    }

    void join(Name name) {
      gone.remove(name);
      come.add(name);
    }

    void leave(Name name) {
      come.remove(name);
      gone.add(name);
    }

    Order done() {
      return from.with(come, gone);
    }
  }

  static ZoneEdit empty(Name origin) {
    var edit = new ZoneEdit(origin, NodeTable.EMPTY.edit(), Order.NONE, Order.NONE, true);
    edit.nodes.put(Node.empty(origin));
    return edit;
  }

  public List<RrSet> at(Name name) {
    var node = node(name);
    return node == null ? List.of() : Node.read(node);
  }

  public Optional<RrSet> at(Name name, int type) {
    var node = node(name);
    int set = node == null ? -1 : Node.set(node, type);
    return node == null || set < 0
        ? Optional.empty()
        : Optional.of(Node.read(node, set, Node.name(node)));
  }

  byte @Nullable [] node(Name name) {
    return nodes.find(name.toWire());
  }

  /** Whether this very record is there; TTL does not matter. */
  public boolean holds(Record record) {
    return at(record.getName(), record.getType())
        .map(s -> s.records().contains(record))
        .orElse(false);
  }

  byte @Nullable [] node(byte[] name, int length) {
    return nodes.find(name, 0, length);
  }

  /** Puts a set in the place of whatever set of its name and type is there. */
  public void put(RrSet set) {
    var wire = set.name().toWire();
    var old = nodes.find(wire);
    nodes.put(Node.with(old == null ? Node.empty(set.name()) : old, set));
    if (old == null) {
      above(wire, 0, wire.length, 1);
    }
    joined(set.name(), set.type());
  }

  private void joined(Name name, int type) {
    switch (type) {
      case Type.NSEC -> nsec.join(name);
      case Type.NSEC3 -> nsec3.join(name);
      default -> {}
    }
  }

  /**
   * Adds a record that is not there yet to its set, whose TTL becomes the given one.
   *
   * @param name begins with the owner on the wire, at or below the origin
   * @param old its node, if there is one
   * @param data begins with the data on the wire
   */
  void append(
      byte[] name,
      int length,
      byte @Nullable [] old,
      int type,
      long ttl,
      byte[] data,
      int dataLength) {
    var node =
        old == null
            ? Node.of(name, length, type, (int) ttl, data, dataLength)
            : Node.withRecord(old, type, (int) ttl, data, dataLength);
    nodes.put(node);
    if (old == null) {
      above(name, 0, length, 1);
    }
    if (type == Type.NSEC || type == Type.NSEC3) {
      joined(Node.name(node), type);
    }
  }

  /** Tells the node above a name, which is made if there is none, that the name came or went. */
  private void above(byte[] name, int from, int length, int more) {
    int up = from + 1 + name[from];
    int left = length - 1 - name[from];
    var old = nodes.find(name, up, left);
    var above = old == null ? Node.empty(name, up, left) : old;
    boolean wild = Node.isStar(name, from) ? more > 0 : (Node.traits(above) & Node.WILD) != 0;
    boolean ours = fresh || old == null;
    above = ours ? above : above.clone();
    Node.count(above, more, wild);
    if (!ours || old == null) {
      nodes.put(above);
    }
    if (old == null) {
      above(name, up, left, 1);
    }
  }

  /** Adds a record; the set it joins takes over its TTL. */
  public void add(Record record) {
    var records = new ArrayList<Record>();
    at(record.getName(), record.getType()).ifPresent(s -> records.addAll(s.records()));
    records.remove(record);
    records.add(record);
    put(new RrSet(record.getName(), record.getType(), record.getTTL(), records));
  }

  /** Takes a record away, if it is there. */
  public void remove(Record record) {
    var set = at(record.getName(), record.getType());
    if (set.isEmpty()) {
      return;
    }
    var left = new ArrayList<>(set.get().records());
    left.remove(record);
    if (left.isEmpty()) {
      remove(record.getName(), record.getType());
    } else {
      put(new RrSet(record.getName(), record.getType(), set.get().ttl(), left));
    }
  }

  /** Takes a set away, and the empty names that only led to it. */
  public void remove(Name name, int type) {
    var node = node(name);
    if (node == null) {
      return;
    }
    nodes.put(Node.without(node, type));
    switch (type) {
      case Type.NSEC -> nsec.leave(name);
      case Type.NSEC3 -> nsec3.leave(name);
      default -> {}
    }
    prune(name);
  }

  /** The serial of the SOA record that is in now. */
  public long serial() {
    return at(origin, Type.SOA)
        .map(s -> ((SOARecord) s.records().getFirst()).getSerial())
        .orElse(0L);
  }

  /** Puts another serial into the SOA record. */
  public void serial(long serial) {
    var set =
        at(origin, Type.SOA)
            .orElseThrow(() -> new IllegalStateException(origin + " has no SOA record"));
    var old = (SOARecord) set.records().getFirst();
    put(RrSet.of(Serial.in(old, serial, set.ttl())));
  }

  /** The zone as it is now; this edit must not be used any more. */
  public Zone done() {
    return Zone.of(origin, nodes.done(), nsec.done(), nsec3.done());
  }

  /** An empty name stays only while something lies below it. */
  private void prune(Name name) {
    var node = node(name);
    if (node != null && Node.isEmpty(node) && Node.children(node) == 0 && !name.equals(origin)) {
      var wire = name.toWire();
      nodes.remove(wire);
      above(wire, 0, wire.length, -1);
      prune(new Name(name, 1));
    }
  }
}
