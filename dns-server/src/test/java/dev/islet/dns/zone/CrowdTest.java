package dev.islet.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** Names with many records are what names with few are, only that they take no longer. */
class CrowdTest {
  private static final Name ORIGIN = Name.fromConstantString("example.");
  private static final Name BIG = Name.fromConstantString("Big.example.");

  /** Data of types with and without names in it, in letters of either case. */
  private static final Map<Integer, String> FORMS =
      new LinkedHashMap<>(
          Map.of(
              Type.A,
              "10.0.%d.%d",
              Type.TXT,
              "\"%2$d%3$s\" %1$d",
              Type.MX,
              "%2$d %3$s%1$d.example.",
              Type.PTR,
              "%3$s%1$d-%2$d.example.",
              Type.NAPTR,
              "%1$d %2$d \"U\" \"%3$s\" \"\" %3$s.example.",
              Type.RRSIG,
              "A 13 2 300 20300101000000 20260101000000 %2$d %3$s.example. %1$02d%3$s",
              Type.CAA,
              "%2$d issue \"%3$s%1$d\"",
              65_280,
              "\\# 4 %1$02d%2$02d4142"));

  private static Record record(Name name, int type, String data) throws Exception {
    return Record.fromString(name, type, DClass.IN, 300, data, ORIGIN);
  }

  private static ZoneEdit edit() throws Exception {
    var builder = new ZoneBuilder(ORIGIN);
    builder.add(record(ORIGIN, Type.SOA, "ns host 1 2 3 4 5"));
    builder.add(record(ORIGIN, Type.NS, "ns"));
    return builder.build().edit();
  }

  private static Record any(Random random, int range) throws Exception {
    var types = List.copyOf(FORMS.keySet());
    int type = types.get(random.nextInt(types.size()));
    var letters = random.nextBoolean() ? "ab" : "aB";
    return record(
        BIG,
        type,
        FORMS.get(type).formatted(random.nextInt(range), random.nextInt(range), letters));
  }

  /** The model is dnsjava's word on which records are equal. */
  @ParameterizedTest
  @ValueSource(ints = {4, 30})
  void records_come_and_go_as_in_a_list_of_them(int range) throws Exception {
    for (int seed = 0; seed < 4; seed++) {
      var random = new Random(seed);
      var edit = edit();
      var model = new ArrayList<Record>();
      for (int step = 0; step < 3_000; step++) {
        var record = any(random, range);
        assertThat(edit.holds(record)).as(record.toString()).isEqualTo(model.contains(record));
        switch (random.nextInt(200)) {
          case 0 -> {
            edit.remove(BIG, record.getType());
            model.removeIf(r -> r.getType() == record.getType());
          }
          case 1 -> {
            edit.put(new RrSet(BIG, record.getType(), 60, List.of(record)));
            model.removeIf(r -> r.getType() == record.getType());
            model.add(record);
          }
          case 2 -> edit = edit.done().edit();
          case 3 -> assertThat(edit.at(BIG, record.getType())).isEqualTo(set(model, record, edit));
          default -> {
            model.remove(record);
            if (random.nextInt(3) == 0) {
              edit.remove(record);
            } else {
              edit.add(record);
              model.add(record);
            }
          }
        }
      }
      var types = model.stream().map(Record::getType).distinct().toList();
      assertThat(edit.types(BIG)).containsExactlyInAnyOrderElementsOf(types);
      var zone = edit.done();
      var there = zone.at(BIG).stream().flatMap(s -> s.records().stream()).toList();
      assertThat(there).containsExactlyInAnyOrderElementsOf(model);
      model.forEach(
          r ->
              assertThat(there.get(there.indexOf(r)).rdataToString()).isEqualTo(r.rdataToString()));
      var last = zone.edit();
      model.forEach(last::remove);
      assertThat(last.done().at(BIG)).as("nothing is left").isEmpty();
    }
  }

  private static Optional<RrSet> set(List<Record> model, Record like, ZoneEdit edit) {
    var records = model.stream().filter(r -> r.getType() == like.getType()).toList();
    return records.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new RrSet(BIG, like.getType(), edit.at(BIG, like.getType()).get().ttl(), records));
  }

  /** With a look at each record before, and a copy of all, this would take days. */
  @Test
  void a_million_records_at_one_name_are_a_zone() throws Exception {
    var builder = new ZoneBuilder(ORIGIN);
    builder.add(record(ORIGIN, Type.SOA, "ns host 1 2 3 4 5"));
    builder.add(record(ORIGIN, Type.NS, "ns"));
    var name = BIG.toWire();
    var below = Name.fromString("below", BIG).toWire();
    for (int i = 0; i < 1_100_000; i++) {
      int number = i % 1_000_000; // some come twice
      var data = new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number, 99};
      assertThat(builder.add(name, name.length, Type.A, 300, data, 4)).isEmpty();
      if (i == 500_000) {
        builder.add(below, below.length, Type.A, 300, data, 4);
      }
    }
    assertThat(builder.add(record(BIG, Type.CNAME, "other"))).isPresent();
    var zone = builder.build();
    assertThat(zone.at(BIG, Type.A).orElseThrow().size()).isEqualTo(1_000_000);
    assertThat(zone.names()).isEqualTo(3);
  }

  @Test
  void thousands_of_types_at_one_name_are_a_zone() throws Exception {
    var edit = edit();
    for (int type = 65_000; type > 33_000; type--) {
      edit.add(Record.newRecord(BIG, type, DClass.IN, 300, new byte[] {1, 2, 3}));
    }
    assertThat(edit.done().at(BIG)).hasSize(32_000);
  }
}
