package dev.islet.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.wire.WireName;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

class NodeTableTest {
  private static final Name ORIGIN = Name.fromConstantString("Example.");

  private static byte[] find(NodeTable table, Name name) {
    var wire = name.toWire();
    return table.find(wire, 0, wire.length, WireName.hash(wire, 0, wire.length));
  }

  /** A table with names put and taken is like a map, and those before it stay as they were. */
  @Test
  void is_a_map_that_keeps_its_past() {
    var random = new Random(7);
    var table = NodeTable.EMPTY;
    Map<Name, byte[]> model = new HashMap<>();
    for (int round = 0; round < 60; round++) {
      var before = table;
      var past = Map.copyOf(model);
      var edit = table.edit();
      for (int i = 0; i < 300; i++) {
        var name = Name.fromConstantString("h" + random.nextInt(6_000) + ".Example.");
        if (random.nextInt(3) == 0) {
          edit.remove(name.toWire());
          model.remove(name);
        } else {
          var node = Node.empty(name);
          edit.put(node);
          model.put(name, node);
        }
      }
      table = edit.done();
      assertThat(table.size()).isEqualTo(model.size());
      assertThat(table.nodes().count()).isEqualTo(model.size());
      for (int i = 0; i < 6_000; i += 7) {
        var name = Name.fromConstantString("H" + i + ".eXample.");
        assertThat(find(table, name)).isSameAs(model.get(name));
        assertThat(find(before, name)).isSameAs(past.get(name));
      }
    }
  }

  /** Names that only lead to others come and go with them, and stars are known from above. */
  @Test
  void empty_names_and_stars_follow_their_records() throws Exception {
    var edit = ZoneEdit.empty(ORIGIN);
    var host = Name.fromConstantString("ns.example.");
    edit.put(RrSet.of(new SOARecord(ORIGIN, DClass.IN, 60, host, host, 1, 2, 3, 4, 5)));
    edit.put(RrSet.of(new NSRecord(ORIGIN, DClass.IN, 60, host)));
    var address = InetAddress.getByName("192.0.2.1");
    var deep = new ARecord(Name.fromConstantString("*.a.b.example."), DClass.IN, 60, address);
    edit.add(deep);
    var with = edit.done();
    assertThat(Node.traits(node(with, "a.b.example.")) & Node.WILD).isNotZero();
    assertThat(Node.isEmpty(node(with, "b.example."))).isTrue();
    assertThat(Node.children(node(with, "b.example."))).isEqualTo(1);

    var less = with.edit();
    less.remove(deep);
    var without = less.done();
    assertThat(node(without, "a.b.example.")).isNull();
    assertThat(node(without, "b.example.")).isNull();
    assertThat(Node.children(without.apex())).isZero();
    assertThat(with.at(deep.getName(), Type.A)).isPresent();
    assertThat(without.sameAs(with)).isFalse();
    assertThat(with.sameAs(with)).isTrue();
  }

  private static byte[] node(Zone zone, String name) {
    var wire = Name.fromConstantString(name).toWire();
    return zone.node(wire, 0, wire.length, WireName.hash(wire, 0, wire.length));
  }
}
