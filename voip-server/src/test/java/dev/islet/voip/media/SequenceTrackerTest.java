package dev.islet.voip.media;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.media.SequenceTracker.Place;
import dev.islet.voip.model.StreamLoss;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceTrackerTest {
  private final SequenceTracker tracker = new SequenceTracker();

  private List<Place> on(int... sequences) {
    var places = new ArrayList<Place>();
    for (int s : sequences) {
      places.add(tracker.on(s & 0xFFFF));
    }
    return places;
  }

  @Test
  void nothing_is_expected_of_nothing() {
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(0, 0, 0, 0));
    assertThat(tracker.loss().percent()).isZero();
  }

  @Test
  void gaps_are_losses_and_late_packets_fill_them() {
    assertThat(on(10, 11, 14, 12, 15))
        .containsExactly(Place.FIRST, Place.AHEAD, Place.AHEAD, Place.REORDERED, Place.AHEAD);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(6, 1, 0, 1));
  }

  @Test
  void the_counter_wraps() {
    on(65_534, 65_535, 0, 1);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(4, 0, 0, 0));
  }

  @Test
  void a_packet_from_before_the_wrap_may_come_late() {
    assertThat(on(65_534, 0, 65_535)).endsWith(Place.REORDERED);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(3, 0, 0, 1));
  }

  @Test
  void duplicates_make_the_loss_smaller_as_in_the_rfc() {
    assertThat(on(1, 2, 2, 3, 1)).endsWith(Place.DUPLICATE);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(3, -2, 2, 0));
  }

  @Test
  void one_packet_from_far_away_is_ignored() {
    assertThat(on(1, 2, 30_000, 3)).endsWith(Place.JUMP, Place.AHEAD);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(3, 0, 0, 0));
  }

  @Test
  void two_in_sequence_from_far_away_are_a_restarted_sender() {
    assertThat(on(1, 2, 4, 30_000, 30_001, 30_003))
        .endsWith(Place.JUMP, Place.RESTART, Place.AHEAD);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(4 + 4, 2, 0, 0));
  }

  @Test
  void a_restart_may_be_at_the_wrap() {
    on(30_000, 65_535, 0, 1);
    assertThat(tracker.loss()).isEqualTo(new StreamLoss(1 + 3, 0, 0, 0));
  }

  @Test
  void it_agrees_with_a_plain_reference_on_any_network() {
    var random = new Random(3550);
    for (int round = 0; round < 300; round++) {
      var sent = network(random);
      var tracked = new SequenceTracker();
      sent.forEach(s -> tracked.on(s & 0xFFFF));
      assertThat(tracked.loss()).as("round " + round).isEqualTo(reference(sent));
    }
  }

  /** Extended numbers as they arrive over a network that loses, doubles and reorders. */
  private static List<Integer> network(Random random) {
    int from = 1 + random.nextInt(0x10000);
    int loss = random.nextInt(30);
    int late = random.nextInt(20);
    int twice = random.nextInt(10);
    var arriving = new ArrayList<Integer>();
    for (int i = 0; i < 3_000; i++) {
      if (i > 0 && random.nextInt(100) < loss) {
        continue;
      }
      arriving.add(from + i);
      if (random.nextInt(100) < twice) {
        arriving.add(from + i);
      }
    }
    // Late by up to 20 places: far less than what counts as a jump. The sort is stable.
    record Placed(int sequence, int place) {}
    var placed = new ArrayList<Placed>();
    for (int i = 0; i < arriving.size(); i++) {
      int by = i > 0 && random.nextInt(100) < late ? 1 + random.nextInt(20) : 0;
      placed.add(new Placed(arriving.get(i), i + by));
    }
    placed.sort(Comparator.comparingInt(Placed::place));
    return placed.stream().map(Placed::sequence).toList();
  }

  private static StreamLoss reference(List<Integer> arrived) {
    int first = arrived.getFirst();
    int highest = first;
    var seen = new HashSet<Integer>();
    int duplicates = 0;
    int reordered = 0;
    for (int s : arrived) {
      if (!seen.add(s)) {
        duplicates++;
      } else if (s < highest) {
        reordered++;
      }
      highest = Math.max(highest, s);
    }
    int expected = highest - first + 1;
    return new StreamLoss(expected, expected - arrived.size(), duplicates, reordered);
  }
}
