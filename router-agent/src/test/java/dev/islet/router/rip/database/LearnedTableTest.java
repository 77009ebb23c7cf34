package dev.islet.router.rip.database;

import static dev.islet.router.rip.database.LearnedTable.Outcome.ANNOUNCE;
import static dev.islet.router.rip.database.LearnedTable.Outcome.FULL;
import static dev.islet.router.rip.database.LearnedTable.Outcome.UNCHANGED;
import static dev.islet.router.rip.database.LearnedTable.Outcome.WITHDRAW;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.router.rip.database.LearnedTable.Learned;
import dev.islet.router.rip.database.LearnedTable.Outcome;
import dev.islet.router.rip.wire.Ipv4;
import org.junit.jupiter.api.Test;

/** The rules of RFC 2453 section 3.9.2, time-out 180 and garbage 120. */
class LearnedTableTest {
  private static final Prefix NET = Prefix.parse("10.0.0.0/8");
  private final LearnedTable table = new LearnedTable();

  private Outcome offer(long now, Prefix prefix, int router, int metric) {
    var from = Ipv4.address(0xC0A80700 | router);
    return table.offer(now, new Learned(prefix, "eth0", from, from, metric, 0, 0), 180, 120, 3);
  }

  private int metric() {
    return table.list().getFirst().metric();
  }

  @Test
  void a_new_route_is_announced_an_unreachable_one_ignored() {
    assertThat(offer(0, NET, 2, 16)).isEqualTo(UNCHANGED);
    assertThat(table.size()).isZero();
    assertThat(offer(0, NET, 2, 3)).isEqualTo(ANNOUNCE);
    assertThat(offer(30, NET, 2, 3)).isEqualTo(UNCHANGED);
    assertThat(table.list().getFirst().due()).isEqualTo(210);
  }

  @Test
  void its_own_router_is_believed_even_if_it_got_worse() {
    offer(0, NET, 2, 3);
    assertThat(offer(1, NET, 2, 7)).isEqualTo(ANNOUNCE);
    assertThat(metric()).isEqualTo(7);
  }

  @Test
  void another_router_must_be_better() {
    offer(0, NET, 2, 3);
    assertThat(offer(1, NET, 3, 4)).isEqualTo(UNCHANGED);
    assertThat(offer(1, NET, 3, 3)).isEqualTo(UNCHANGED);
    assertThat(offer(1, NET, 3, 2)).isEqualTo(ANNOUNCE);
    assertThat(offer(2, NET, 2, 16)).isEqualTo(UNCHANGED);
  }

  @Test
  void an_equal_router_takes_over_a_route_that_fades() {
    offer(0, NET, 2, 3);
    assertThat(offer(90, NET, 3, 3)).isEqualTo(UNCHANGED);
    assertThat(offer(91, NET, 3, 3)).isEqualTo(ANNOUNCE);
  }

  @Test
  void a_silent_route_is_withdrawn_then_forgotten() {
    offer(0, NET, 2, 3);
    assertThat(table.expire(179, 120)).isEmpty();
    assertThat(table.deadline()).isEqualTo(180);
    assertThat(table.expire(180, 120)).containsExactly(NET);
    assertThat(metric()).isEqualTo(16);
    assertThat(table.deadline()).isEqualTo(300);
    assertThat(table.expire(300, 120)).isEmpty();
    assertThat(table.size()).isZero();
  }

  @Test
  void a_route_told_unreachable_is_withdrawn_once_and_may_be_revived() {
    offer(0, NET, 2, 3);
    assertThat(offer(10, NET, 2, 16)).isEqualTo(WITHDRAW);
    assertThat(offer(40, NET, 2, 16)).isEqualTo(UNCHANGED);
    assertThat(table.list().getFirst().due()).as("repeating it gains no time").isEqualTo(130);
    assertThat(offer(50, NET, 3, 15)).isEqualTo(ANNOUNCE);
  }

  @Test
  void refreshing_moves_the_end_on() {
    offer(0, NET, 2, 3);
    offer(100, NET, 2, 3);
    assertThat(table.expire(180, 120)).isEmpty();
    assertThat(table.deadline()).isEqualTo(280);
  }

  @Test
  void a_full_table_refuses() {
    for (int i = 1; i <= 3; i++) {
      assertThat(offer(0, Prefix.parse("10." + i + ".0.0/16"), 2, 1)).isEqualTo(ANNOUNCE);
    }
    assertThat(offer(0, NET, 2, 1)).isEqualTo(FULL);
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  void an_interface_takes_its_routes_along() {
    offer(0, NET, 2, 3);
    assertThat(table.drop(5, "eth1", 120)).isEmpty();
    assertThat(table.drop(5, "eth0", 120)).containsExactly(NET);
    assertThat(table.drop(6, "eth0", 120)).isEmpty();
  }
}
