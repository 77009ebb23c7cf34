package dev.islet.dhcp.lease;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who talks too much is heard less, and nobody else. */
final class GuardTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void aBurstPassesAndThenTheRate() {
    var guard = new Guard<Integer>(10, 20);
    int passed = 0;
    for (int i = 0; i < 100; i++) {
      passed += guard.passes(7, 5) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(20);
    for (int i = 0; i < 100; i++) {
      passed += guard.passes(7, 5 + SECOND) ? 1 : 0;
    }
    assertThat(passed).isEqualTo(30);
    assertThat(guard.passes(8, 5 + SECOND)).as("another one").isTrue();
  }

  @Test
  void aFloodOfOthersDoesNotLetATalkerThrough() {
    var guard = new Guard<Integer>(10, 20);
    int passed = 0;
    for (int i = 0; i < 1_000; i++) {
      passed += guard.passes(-1, SECOND) ? 1 : 0;
      for (int other = 0; other < 1_000; other++) {
        assertThat(guard.passes(1_000 * i + other, SECOND)).isTrue();
      }
    }
    // Its place is kept for as long as it talks: a fresh sender's next message is due at once.
    assertThat(passed).isEqualTo(20);
  }

  @Test
  void noRateIsNoLimit() {
    var guard = new Guard<Integer>(0, 0);
    for (int i = 0; i < 1_000; i++) {
      assertThat(guard.passes(1, 0)).isTrue();
    }
  }
}
