package dev.islet.dns.zone;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xbill.DNS.Name;

/**
 * The order of names is that of dnsjava, whatever octets they have and however alike they begin.
 */
class OrderTest {
  private static final byte[] OCTETS = {
    0, 1, '-', 'A', 'Z', 'a', 'm', 'z', (byte) 0x80, (byte) 0xFF
  };
  private static final int NAMES = 300;
  private static final int LOOKS = 20_000;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void finds_who_comes_before(long seed) {
    var random = new Random(seed);
    var apex = seed % 2 == 0 ? "zone.example." : "example.";
    var names = new TreeSet<Name>();
    if (seed % 3 > 0) {
      names.add(Name.fromConstantString(apex));
    }
    int most = seed == 8 ? 1 : NAMES;
    while (names.size() < most) {
      names.add(name(random, seed == 7 ? 1 : 3, apex));
    }
    var order = Order.NONE.with(names, List.of());
    assertThat(order.names()).containsExactlyElementsOf(names);
    for (int i = 0; i < LOOKS; i++) {
      var asked = name(random, 4, random.nextInt(9) == 0 ? "else.where." : apex);
      var floor = names.floor(asked);
      assertThat(order.atOrBefore(asked)).contains(floor == null ? names.last() : floor);
      assertThat(order.holds(asked)).isEqualTo(names.contains(asked));
      var higher = names.higher(asked);
      assertThat(order.after(asked)).contains(higher == null ? names.first() : higher);
    }
  }

  private static Name name(Random random, int labels, String apex) {
    var wire = new ArrayList<Byte>();
    for (int i = random.nextInt(labels) + 1; i > 0; i--) {
      int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 12 : 3);
      wire.add((byte) length);
      boolean alike = random.nextInt(3) == 0;
      for (int at = 0; at < length; at++) {
        wire.add(alike ? (byte) 'a' : OCTETS[random.nextInt(OCTETS.length)]);
      }
    }
    wire.add((byte) 0);
    var bytes = new byte[wire.size()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = wire.get(i);
    }
    try {
      return Name.concatenate(new Name(bytes).relativize(Name.root), Name.fromConstantString(apex));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
