package dev.islet.dhcp.subnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Ip4;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PoolTest {
  @Test
  void a_pool_is_its_ranges_without_its_holes_whatever_they_are() {
    var random = new Random(42);
    for (int round = 0; round < 2_000; round++) {
      var ranges = ranges(random, 1 + random.nextInt(5));
      var holes = ranges(random, random.nextInt(6));
      var expected = new TreeSet<Integer>();
      for (int i = 0; i < 256; i++) {
        var address = new Ip4(0xC0A80700 | i);
        if (ranges.stream().anyMatch(r -> r.contains(address))
            && holes.stream().noneMatch(h -> h.contains(address))) {
          expected.add(i);
        }
      }
      var pool = Pool.of(ranges, holes);
      var walked = new ArrayList<Integer>();
      for (var cursor = pool.cursor(); cursor.hasNext(); ) {
        assertThat(cursor.left()).isEqualTo(expected.size() - walked.size());
        walked.add(cursor.next().bits() & 255);
      }
      assertThat(walked).containsExactlyElementsOf(expected);
      assertThat(pool.size()).isEqualTo(expected.size());
      for (int i = 0; i < 256; i++) {
        assertThat(pool.contains(new Ip4(0xC0A80700 | i))).isEqualTo(expected.contains(i));
      }
    }
  }

  private static List<Range> ranges(Random random, int count) {
    var ranges = new ArrayList<Range>();
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(256);
      int to = Math.min(255, from + random.nextInt(60));
      ranges.add(new Range(new Ip4(0xC0A80700 | from), new Ip4(0xC0A80700 | to)));
    }
    return ranges;
  }

  @Test
  void a_range_over_the_sign_bit_is_a_range() {
    var pool = Pool.of(List.of(Range.parse("127.255.255.254-128.0.0.1")), List.of());
    assertThat(pool.size()).isEqualTo(4);
    assertThat(pool.contains(Ip4.parse("128.0.0.0"))).isTrue();
  }

  @Test
  void network_and_broadcast_address_are_nobodys() {
    var subnet = subnet("10.0.0.0/24", "10.0.0.0-10.0.0.255");
    assertThat(subnet.poolSize()).isEqualTo(254);
    assertThat(subnet.broadcast()).isEqualTo(Ip4.parse("10.0.0.255"));
    assertThat(subnet.mask()).isEqualTo(Ip4.parse("255.255.255.0"));
  }

  @Test
  void subnets_are_found_by_address_and_must_not_overlap() {
    var a = subnet("10.0.0.0/24", "10.0.0.9");
    var b = subnet("10.0.1.0/24", "10.0.1.9");
    var subnets = new Subnets(List.of(b, a));
    assertThat(subnets.at(Ip4.parse("10.0.1.77"))).contains(b);
    assertThat(subnets.at(Ip4.parse("10.0.2.1"))).isEmpty();
    assertThat(subnets.on(new Link("eth0", List.of(Ip4.parse("10.0.0.1")), false))).contains(a);
    assertThatThrownBy(() -> new Subnets(List.of(a, subnet("10.0.0.0/16", "10.0.3.1"))))
        .hasMessageContaining("overlap");
  }

  private static Subnet subnet(String prefix, String range) {
    return new Subnet(
        Prefix.parse(prefix),
        Optional.empty(),
        Map.of(Range.parse(range), Set.of()),
        List.of(),
        List.of(),
        Subnet.Terms.of(Duration.ofHours(1)),
        Map.of());
  }
}
