package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.transfer.Difference;
import dev.islet.dns.transfer.History;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class HistoryStoreTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");

  @TempDir Path folder;

  private Path file() {
    return folder.resolve("differences.journal");
  }

  private static Zone zone(int serial, int hosts) throws ZoneFault {
    var lines = new ArrayList<>(List.of("@ SOA ns Host " + serial + " 60 30 900 60", "@ NS ns"));
    for (int i = 0; i < hosts; i++) {
      lines.add("H" + i + " " + (60 + serial) + " A 10.0.0." + (i % 250 + 1));
    }
    return MasterFile.lines(lines, HOME, "test");
  }

  /** A run of the server: a zone at the start, then others in its place. */
  private History run(Zone... states) {
    var history = new History();
    try (var store = HistoryStore.open(file(), history).orElseThrow()) {
      history.keep(Set.of(HOME));
      var before = Zones.NONE;
      for (var state : states) {
        var after = Zones.of(List.of(state));
        history.observe(before, after);
        before = after;
      }
    }
    return history;
  }

  @Test
  void steps_from_before_lead_to_the_zone_that_is_served_again() throws Exception {
    run(zone(1, 3), zone(2, 4), zone(3, 3));
    var now = zone(3, 3);
    var way = run(now).since(1, now);
    assertThat(way).hasValueSatisfying(w -> assertThat(w).hasSize(2));
    var next = zone(4, 5);
    assertThat(run(zone(3, 3), next).since(1, next))
        .hasValueSatisfying(
            w ->
                assertThat(w.stream().map(Difference::to).toList().getLast().getSerial())
                    .isEqualTo(4));
  }

  @Test
  void a_zone_that_was_changed_meanwhile_has_none_even_with_the_same_serial() throws Exception {
    run(zone(1, 3), zone(2, 4));
    var edited = zone(2, 5);
    assertThat(run(edited).since(1, edited)).isEmpty();
  }

  @Test
  void a_step_that_is_missing_ends_those_before_it() throws Exception {
    run(zone(1, 3), zone(2, 4));
    run(zone(3, 6), zone(4, 7)); // from 2 to 3 nobody looked
    var now = zone(4, 7);
    var again = run(now);
    assertThat(again.since(1, now)).isEmpty();
    assertThat(again.since(3, now)).isPresent();
  }

  @Test
  void a_torn_tail_costs_the_last_step_only() throws Exception {
    run(zone(1, 3), zone(2, 4));
    long whole = Files.size(file());
    run(zone(2, 4), zone(3, 5));
    try (var cut = Files.newByteChannel(file(), StandardOpenOption.WRITE)) {
      cut.truncate(Files.size(file()) - 3);
    }
    var two = zone(2, 4);
    assertThat(run(two).since(1, two)).isPresent();
    assertThat(Files.size(file())).isEqualTo(whole);
  }

  @Test
  void the_journal_does_not_outgrow_what_is_of_use() throws Exception {
    var states = new ArrayList<Zone>();
    for (int serial = 1; serial <= 400; serial++) {
      states.add(zone(serial, 100)); // all of it changes, 10 KB a step
    }
    run(states.toArray(Zone[]::new));
    assertThat(Files.size(file())).isLessThan(2L << 20);
    var last = zone(400, 100);
    var again = run(last);
    assertThat(again.since(397, last)).isPresent();
    assertThat(again.since(300, last)).isEmpty();
  }
}
