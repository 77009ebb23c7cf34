package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.transfer.Difference;
import dev.islet.dns.zone.Zone;
import dev.islet.testkit.VirtualTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

/** What is on the disk is the zone that was kept last, or nothing; never one that nobody had. */
class ZoneCopiesTest {
  private static final Name ORIGIN = Name.fromConstantString("home.arpa.");

  @TempDir Path folder;

  private ZoneCopies open() {
    return new ZoneCopies(Optional.of(folder), new VirtualTime(), Runnable::run);
  }

  private Optional<Zone> kept() {
    try (var copies = open()) {
      return copies.load(ORIGIN).map(k -> k.zone());
    }
  }

  private static Zone zone(long serial, int large, String... more) throws ZoneFault {
    var lines = new ArrayList<>(List.of(more));
    lines.add("@ SOA ns host " + serial + " 2 3 4 5");
    lines.add("@ NS ns");
    var text = ("\"" + "x".repeat(250) + "\" ").repeat(200);
    for (int i = 0; i < large; i++) {
      lines.add("large TXT " + i + " " + text);
    }
    return MasterFile.lines(lines, ORIGIN, "test");
  }

  private static Optional<List<Difference>> step(Zone from, Zone to) {
    return Optional.of(List.of(Difference.between(from, to)));
  }

  /** A set, and a step, of more than one record of a journal may have. */
  @Test
  void large_zones_and_large_steps_are_kept() throws Exception {
    var small = zone(1, 0, "a A 10.0.0.1");
    var large = zone(2, 400, "a A 10.0.0.1");
    var after = zone(3, 400, "a A 10.0.0.2");
    try (var copies = open()) {
      assertThat(copies.load(ORIGIN)).isEmpty();
      copies.keep(small, Optional.empty());
      copies.keep(large, step(small, large));
      copies.keep(after, step(large, after));
    }
    assertThat(kept().orElseThrow().sameAs(after)).isTrue();
    try (var copies = open()) {
      copies.load(ORIGIN);
      copies.keep(large, Optional.empty());
    }
    assertThat(kept().orElseThrow().sameAs(large)).isTrue();
  }

  /** A step from a zone that is not the one kept leads nowhere. */
  @Test
  void a_step_that_does_not_fit_ends_the_copy() throws Exception {
    var one = zone(1, 0, "a A 10.0.0.1");
    var two = zone(2, 0, "a A 10.0.0.2");
    var three = zone(3, 0, "a A 10.0.0.3");
    try (var copies = open()) {
      copies.load(ORIGIN);
      copies.keep(one, Optional.empty());
      copies.keep(three, step(two, three));
    }
    assertThat(kept()).isEmpty();
    try (var copies = open()) {
      copies.load(ORIGIN);
      copies.keep(three, Optional.empty());
    }
    assertThat(kept().orElseThrow().sameAs(three)).isTrue();
  }
}
