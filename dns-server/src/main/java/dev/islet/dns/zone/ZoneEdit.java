package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
  private final Map<Name, Node> nodes;

  ZoneEdit(Name origin, Map<Name, Node> nodes) {
    this.origin = origin;
    this.nodes = nodes;
  }

  static ZoneEdit empty(Name origin) {
    return new ZoneEdit(origin, new HashMap<>(Map.of(origin, Node.EMPTY)));
  }

  public List<RrSet> at(Name name) {
    return nodes.getOrDefault(name, Node.EMPTY).sets();
  }

  public Optional<RrSet> at(Name name, int type) {
    return Optional.ofNullable(nodes.getOrDefault(name, Node.EMPTY).find(type));
  }

  /** Whether this very record is there; TTL does not matter. */
  public boolean holds(Record record) {
    return at(record.getName(), record.getType())
        .map(s -> s.records().contains(record))
        .orElse(false);
  }

  /** Puts a set in the place of whatever set of its name and type is there. */
  public void put(RrSet set) {
    nodes.put(set.name(), existing(set.name()).with(set));
  }

  /** The node of a name; made, with those above it, if it was not there. */
  private Node existing(Name name) {
    var node = nodes.get(name);
    if (node != null) {
      return node;
    }
    nodes.put(name, Node.EMPTY);
    var above = new Name(name, 1);
    nodes.put(above, existing(above).withChildren(1));
    return Node.EMPTY;
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
    var node = nodes.get(name);
    if (node == null) {
      return;
    }
    nodes.put(name, node.without(type));
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
    put(
        RrSet.of(
            new SOARecord(
                old.getName(),
                old.getDClass(),
                set.ttl(),
                old.getHost(),
                old.getAdmin(),
                serial,
                old.getRefresh(),
                old.getRetry(),
                old.getExpire(),
                old.getMinimum())));
  }

  /** The zone as it is now; this edit must not be used any more. */
  public Zone done() {
    return Zone.of(origin, nodes);
  }

  /** An empty name stays only while something lies below it. */
  private void prune(Name name) {
    var node = nodes.get(name);
    if (node != null && node.isEmpty() && node.children() == 0 && !name.equals(origin)) {
      nodes.remove(name);
      var above = new Name(name, 1);
      nodes.put(above, nodes.getOrDefault(above, Node.EMPTY).withChildren(-1));
      prune(above);
    }
  }
}
