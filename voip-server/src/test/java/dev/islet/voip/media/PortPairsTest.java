package dev.islet.voip.media;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortPairsTest {
  @Test
  void ports_are_even_with_the_odd_one_above_inside_the_range() {
    var pairs = new PortPairs(10_001, 10_007, 0, new Random(1));
    var taken = new HashSet<Integer>();
    for (int i = 0; i < 3; i++) {
      taken.add(pairs.take(0).orElseThrow());
    }
    assertThat(taken).containsExactlyInAnyOrder(10_002, 10_004, 10_006);
    assertThat(pairs.take(0)).isEmpty();
  }

  @Test
  void a_port_given_back_rests_first() {
    var pairs = new PortPairs(10_000, 10_001, 100, new Random(1));
    int port = pairs.take(0).orElseThrow();
    pairs.giveBack(port, 50);
    assertThat(pairs.available(149)).isZero();
    assertThat(pairs.take(149)).isEmpty();
    assertThat(pairs.take(150)).hasValue(port);
  }

  @Test
  void the_order_is_not_that_of_the_numbers() {
    var pairs = new PortPairs(10_000, 10_199, 0, new Random(7));
    int steps = 0;
    int before = pairs.take(0).orElseThrow();
    for (int i = 1; i < 100; i++) {
      int port = pairs.take(0).orElseThrow();
      steps += port == before + 2 ? 1 : 0;
      before = port;
    }
    assertThat(steps).isLessThan(10);
  }
}
