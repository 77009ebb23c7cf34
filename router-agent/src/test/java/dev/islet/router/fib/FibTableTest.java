package dev.islet.router.fib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.router.fib.FibOp.Add;
import dev.islet.router.fib.FibOp.Delete;
import dev.islet.router.fib.FibOp.Replace;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FibTableTest {
  private final FibTable table = new FibTable();

  private static FibRoute route(int net, int router) {
    return route(net, router, 20);
  }

  private static FibRoute route(int net, int router, int metric) {
    try {
      return new FibRoute(
          Prefix.parse("10." + net + ".0.0/16"),
          metric,
          Optional.empty(),
          List.of(
              new FibRoute.FibHop(Optional.of(InetAddress.getByName("192.168.7." + router)), 2)));
    } catch (java.net.UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void nothing_is_written_before_the_kernel_was_read() {
    assertThat(table.want(route(1, 2))).isEmpty();
    assertThat(table.compare(List.of())).containsExactly(new Add(route(1, 2)));
    assertThat(table.missing()).isZero();
  }

  @Test
  void only_what_differs_is_written() {
    table.compare(List.of());
    assertThat(table.want(route(1, 2))).containsExactly(new Add(route(1, 2)));
    assertThat(table.want(route(1, 2))).isEmpty();
    assertThat(table.want(route(1, 3))).containsExactly(new Replace(route(1, 2), route(1, 3)));
    assertThat(table.unwant(route(1, 3).prefix())).containsExactly(new Delete(route(1, 3)));
    assertThat(table.unwant(route(1, 3).prefix())).isEmpty();
  }

  @Test
  void routes_of_an_earlier_life_are_kept_until_swept() {
    assertThat(table.compare(List.of(route(1, 2), route(2, 2)))).isEmpty();
    assertThat(table.inherited()).isEqualTo(2);
    assertThat(table.want(route(1, 2))).as("learned again: nothing to do").isEmpty();
    assertThat(table.compare(List.of(route(1, 2), route(2, 2)))).isEmpty();
    assertThat(table.sweep()).containsExactly(new Delete(route(2, 2)));
    assertThat(table.compare(List.of(route(1, 2)))).isEmpty();
  }

  @Test
  void a_route_learned_again_another_way_is_replaced_at_once() {
    table.compare(List.of(route(1, 2)));
    assertThat(table.want(route(1, 3))).containsExactly(new Replace(route(1, 2), route(1, 3)));
    assertThat(table.inherited()).isZero();
  }

  @Test
  void a_route_withdrawn_within_the_grace_time_goes_at_once() {
    table.compare(List.of(route(1, 2)));
    table.want(route(1, 2));
    assertThat(table.unwant(route(1, 2).prefix())).containsExactly(new Delete(route(1, 2)));
  }

  @Test
  void a_route_of_another_metric_goes_when_its_prefix_is_wanted() {
    table.compare(List.of(route(1, 2, 99)));
    assertThat(table.want(route(1, 2)))
        .containsExactly(new Add(route(1, 2)), new Delete(route(1, 2, 99)));
  }

  @Test
  void what_others_did_to_our_routes_is_mended() {
    table.compare(List.of());
    table.sweep();
    table.want(route(1, 2));
    table.want(route(2, 2));
    assertThat(table.contradicts(route(1, 2), true)).isTrue();
    assertThat(table.contradicts(route(1, 2), false)).as("our own change, told back").isFalse();
    assertThat(table.contradicts(route(3, 2), true)).as("we deleted it ourselves").isFalse();
    assertThat(table.compare(List.of(route(2, 9), route(3, 9))))
        .containsExactly(
            new Add(route(1, 2)), new Replace(route(2, 9), route(2, 2)), new Delete(route(3, 9)));
  }

  @Test
  void a_refused_change_is_tried_again() {
    table.compare(List.of());
    var add = table.want(route(1, 2)).getFirst();
    table.failed(add.route());
    assertThat(table.missing()).isEqualTo(1);
    assertThat(table.compare(List.of())).containsExactly(add);
  }

  @Test
  void the_farewell_leaves_nothing() {
    table.compare(List.of(route(9, 2)));
    table.want(route(1, 2));
    assertThat(table.clear())
        .containsExactlyInAnyOrder(new Delete(route(9, 2)), new Delete(route(1, 2)));
    assertThat(table.held()).isEmpty();
  }

  /** Random wishes, crashes of routes and comparisons: at the end the kernel has what is wanted. */
  @Test
  void the_kernel_ends_as_wanted_whatever_happens() {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var fib = new FibTable();
      var kernel = new HashMap<FibRoute.Slot, FibRoute>();
      var wanted = new HashMap<Prefix, FibRoute>();
      for (int i = random.nextInt(5); i > 0; i--) {
        var left = route(random.nextInt(6), 2 + random.nextInt(3), 20 + random.nextInt(2));
        kernel.put(left.slot(), left);
      }
      run(fib.compare(kernel.values()), kernel);
      for (int step = 0; step < 100; step++) {
        var route = route(random.nextInt(6), 2 + random.nextInt(3));
        switch (random.nextInt(5)) {
          case 0, 1 -> {
            wanted.put(route.prefix(), route);
            run(fib.want(route), kernel);
          }
          case 2 -> {
            wanted.remove(route.prefix());
            run(fib.unwant(route.prefix()), kernel);
          }
          case 3 -> kernel.remove(route.slot()); // the link took it, silently
          default -> run(fib.compare(kernel.values()), kernel);
        }
      }
      run(fib.sweep(), kernel);
      run(fib.compare(kernel.values()), kernel);
      assertThat(fib.compare(kernel.values())).as("seed " + seed).isEmpty();
      assertThat(kernel.values())
          .as("seed " + seed)
          .containsExactlyInAnyOrderElementsOf(wanted.values());
      run(fib.clear(), kernel);
      assertThat(kernel).isEmpty();
    }
  }

  private static void run(List<FibOp> ops, Map<FibRoute.Slot, FibRoute> kernel) {
    for (var op : List.copyOf(ops)) {
      switch (op) {
        case Add(var route) -> kernel.putIfAbsent(route.slot(), route);
        case Replace(_, var route) -> kernel.put(route.slot(), route);
        case Delete(var route) -> kernel.remove(route.slot());
      }
    }
  }
}
