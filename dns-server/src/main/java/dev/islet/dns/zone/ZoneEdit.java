package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.ResponseWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  /** Of names whose nodes are large, what came and went; the nodes are as they were before. */
  private final Map<Name, Crowd> crowds = new HashMap<>();

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
    var node = settled(name);
    return node == null ? List.of() : Node.read(node);
  }

  public Optional<RrSet> at(Name name, int type) {
    var node = settled(name);
    int set = node == null ? -1 : Node.set(node, type);
    return node == null || set < 0
        ? Optional.empty()
        : Optional.of(Node.read(node, set, Node.name(node)));
  }

  /** Of which types there are records at a name. */
  public List<Integer> types(Name name) {
    var node = nodes.find(name.toWire());
    return node == null ? List.of() : types(node);
  }

  /** Whether this very record is there; TTL does not matter. */
  public boolean holds(Record record) {
    var node = nodes.find(record.getName().toWire());
    var data = ResponseWriter.data(record);
    return node != null && holds(node, record.getType(), data, data.length);
  }

  /** The node of a name, for the questions below. */
  byte @Nullable [] node(byte[] name, int length) {
    return nodes.find(name, 0, length);
  }

  private @Nullable Crowd crowd(byte[] node) {
    return node.length < Crowd.WORTH
        ? null
        : crowds.computeIfAbsent(Node.name(node), name -> new Crowd(node));
  }

  List<Integer> types(byte[] node) {
    var types = new ArrayList<Integer>();
    var crowd = crowd(node);
    if (crowd != null) {
      crowd.types().forEach(types::add);
    } else {
      for (int set = Node.sets(node); set < node.length; set = Node.next(node, set)) {
        types.add(Node.type(node, set));
      }
    }
    return types;
  }

  /** The TTL of a set; -1 if there is none. */
  int ttl(byte[] node, int type) {
    var crowd = crowd(node);
    if (crowd != null) {
      return crowd.ttl(type);
    }
    int set = Node.set(node, type);
    return set < 0 ? -1 : Node.ttl(node, set);
  }

  /** Gives another TTL to a set that is there. */
  void ttl(byte[] node, int type, int ttl) {
    var crowd = crowd(node);
    if (crowd != null) {
      crowd.ttl(type, ttl);
    } else if (ttl(node, type) != ttl) {
      nodes.put(Node.withTtl(node, Node.set(node, type), ttl));
    }
  }

  boolean holds(byte[] node, int type, byte[] data, int length) {
    var crowd = crowd(node);
    if (crowd != null) {
      return crowd.holds(type, data, length);
    }
    int set = Node.set(node, type);
    return set >= 0 && Node.holds(node, set, data, length);
  }

  /** How many octets its records have. */
  long bytes(byte[] node) {
    var crowd = crowd(node);
    return crowd != null ? crowd.bytes() : node.length;
  }

  /** A name's node with all that came and went. */
  private byte @Nullable [] settled(Name name) {
    var node = nodes.find(name.toWire());
    var crowd = node == null || crowds.isEmpty() ? null : crowds.remove(name);
    if (node == null || crowd == null) {
      return node;
    }
    var whole = crowd.whole(node);
    nodes.put(whole);
    return whole;
  }

  /** Puts a set in the place of whatever set of its name and type is there. */
  public void put(RrSet set) {
    var wire = set.name().toWire();
    var old = settled(set.name());
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
    var crowd = old == null ? null : crowd(old);
    if (crowd != null) {
      crowd.add(type, (int) ttl, data, dataLength);
    } else if (old != null) {
      nodes.put(Node.withRecord(old, type, (int) ttl, data, dataLength));
    } else {
      nodes.put(Node.of(name, length, type, (int) ttl, data, dataLength));
      above(name, 0, length, 1);
    }
    if (type == Type.NSEC || type == Type.NSEC3) {
      joined(Node.name(Node.empty(name, 0, length)), type);
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

  /** Adds a record in place of one that is the same; the set it joins takes over its TTL. */
  public void add(Record record) {
    var wire = record.getName().toWire();
    int type = record.getType();
    var data = ResponseWriter.data(record);
    take(wire, type, data);
    append(wire, wire.length, nodes.find(wire), type, record.getTTL(), data, data.length);
  }

  /** Takes a record away, if it is there, and the empty names that only led to it. */
  public void remove(Record record) {
    boolean last = take(record.getName().toWire(), record.getType(), ResponseWriter.data(record));
    if (last) {
      remove(record.getName(), record.getType());
    }
  }

  /** Takes a record away, if it is there; whether it was the last of its set. */
  private boolean take(byte[] name, int type, byte[] data) {
    var node = nodes.find(name);
    if (node == null) {
      return false;
    }
    var crowd = crowd(node);
    if (crowd != null) {
      return crowd.remove(type, data, data.length);
    }
    int set = Node.set(node, type);
    var less = set < 0 ? node : Node.withoutRecord(node, set, data, data.length);
    nodes.put(less);
    return set >= 0 && Node.set(less, type) < 0;
  }

  /** Takes a set away, and the empty names that only led to it. */
  public void remove(Name name, int type) {
    var node = settled(name);
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
    List.copyOf(crowds.keySet()).forEach(this::settled);
    return Zone.of(origin, nodes.done(), nsec.done(), nsec3.done());
  }

  /** An empty name stays only while something lies below it. */
  private void prune(Name name) {
    var node = nodes.find(name.toWire());
    if (node != null && Node.isEmpty(node) && Node.children(node) == 0 && !name.equals(origin)) {
      var wire = name.toWire();
      nodes.remove(wire);
      above(wire, 0, wire.length, -1);
      prune(new Name(name, 1));
    }
  }
}
