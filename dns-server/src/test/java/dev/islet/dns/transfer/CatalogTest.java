package dev.islet.dns.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dns.store.MasterFile;
import dev.islet.dns.store.ZoneFault;
import dev.islet.dns.zone.Zone;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;

class CatalogTest {
  private static final Name CATALOG = Name.fromConstantString("cat.test.");
  private static final Name ONE = Name.fromConstantString("one.test.");
  private static final Name TWO = Name.fromConstantString("two.test.");

  private static Zone zone(List<String> lines, String... more) {
    try {
      var all = new ArrayList<>(lines);
      all.addAll(List.of(more));
      return MasterFile.lines(all, CATALOG, "test");
    } catch (ZoneFault e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void what_is_made_is_read_again() {
    var read = Catalog.of(zone(Catalog.lines(Set.of(ONE, TWO)))).orElseThrow();
    assertThat(read.members()).containsOnlyKeys(ONE, TWO);
    assertThat(Catalog.of(zone(Catalog.lines(Set.of(TWO)))).orElseThrow().members().get(TWO))
        .as("a member's label does not depend on the others")
        .isEqualTo(read.members().get(TWO));
  }

  @Test
  void properties_are_read_and_unknown_ones_passed_over() {
    var read =
        Catalog.of(
                zone(
                    Catalog.lines(Set.of()),
                    "a.zones 0 PTR one.test.",
                    "coo.a.zones 0 PTR new.test.",
                    "group.a.zones 0 TXT \"x\"",
                    "what.ext 0 TXT \"y\""))
            .orElseThrow();
    assertThat(read.members())
        .containsExactly(
            java.util.Map.entry(
                ONE, new Catalog.Member("a", Optional.of(Name.fromConstantString("new.test.")))));
  }

  @Test
  void broken_catalogs_are_not_read() {
    var good = Catalog.lines(Set.of());
    assertThat(Catalog.of(zone(good))).isPresent();
    assertThat(Catalog.of(zone(good, "a.zones 0 PTR one.test.", "b.zones 0 PTR one.test.")))
        .as("a zone twice")
        .isEmpty();
    assertThat(Catalog.of(zone(good, "a.zones 0 PTR one.test.", "a.zones 0 PTR two.test.")))
        .as("two zones at one label")
        .isEmpty();
    assertThat(Catalog.of(zone(good, "version 0 TXT \"3\""))).as("two versions").isEmpty();
    var old = good.stream().map(l -> l.replace("\"2\"", "\"1\"")).toList();
    assertThat(Catalog.of(zone(old))).isEmpty();
    assertThat(Catalog.of(zone(good.subList(0, 2)))).as("no version").isEmpty();
  }
}
