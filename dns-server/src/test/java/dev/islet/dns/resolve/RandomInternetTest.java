package dev.islet.dns.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Thousands of random Internets; {@code -Dislet.internets=20000} for more. */
class RandomInternetTest {
  private static final int WORLDS = Integer.getInteger("islet.internets", 150);
  private static final int QUESTIONS = 12;
  private static final int[] TYPES = {Type.A, Type.A, Type.AAAA, Type.TXT, Type.NS, Type.CNAME};

  /** What an end without an answer looks like when the zones themselves go in a circle. */
  private static boolean endless(Internet.Result result, int truth) {
    return result.answer().rcode() == Rcode.SERVFAIL && truth == Rcode.SERVFAIL;
  }

  @Test
  void where_all_servers_are_honest_every_answer_is_right() {
    right(RandomInternet.Honest.ALL);
  }

  @Test
  void one_honest_server_of_each_zone_is_enough() {
    right(RandomInternet.Honest.ONE);
  }

  private static void right(RandomInternet.Honest honest) {
    int asked = 0;
    int sent = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      var world = new RandomInternet(seed, honest);
      for (int i = 0; i < QUESTIONS; i++) {
        var name = world.name();
        int type = TYPES[(int) (seed + i) % TYPES.length];
        var result = world.net.resolve(name, type);
        var truth = world.net.truth(name, type);
        asked++;
        sent += result.queries();
        if (endless(result, truth.rcode())) {
          continue;
        }
        assertThat(result.rcode() + result.texts())
            .as(() -> "asked " + name + " " + Type.string(type) + " of " + world)
            .isEqualTo(Rcode.string(truth.rcode()) + Internet.Result.texts(truth));
      }
      world.net.settle();
      assertThat(world.net.idle()).isTrue();
    }
    System.out.println(asked + " questions, " + sent + " queries");
  }

  @Test
  void whatever_servers_do_an_answer_is_right_or_a_failure_in_time_and_nothing_forged_stays() {
    int asked = 0;
    int failed = 0;
    int most = 0;
    for (long seed = 0; seed < WORLDS; seed++) {
      var world = new RandomInternet(1_000_000 + seed, RandomInternet.Honest.SOME);
      var net = world.net;
      for (int i = 0; i < QUESTIONS; i++) {
        var name = world.name();
        int type = TYPES[(int) (seed + i) % TYPES.length];
        var result = net.resolve(name, type);
        var truth = net.truth(name, type);
        asked++;
        most = Math.max(most, result.queries());
        assertThat(result.took()).isLessThanOrEqualTo(WalkLimits.DEFAULT.total());
        if (result.answer().rcode() == Rcode.SERVFAIL) {
          failed++;
          continue;
        }
        assertThat(result.rcode() + result.texts())
            .as(() -> "asked " + name + " " + Type.string(type) + " of " + world)
            .isEqualTo(Rcode.string(truth.rcode()) + Internet.Result.texts(truth));
      }
      net.settle();
      assertThat(net.idle()).isTrue();
      assertThat(net.asked()).noneMatch(q -> q.startsWith(RandomInternet.EVIL));
      assertThat(net.kept.values()).noneMatch(a -> a.toString().contains(RandomInternet.EVIL));
      net.pass(Duration.ofSeconds(1));
    }
    System.out.println(asked + " questions, " + failed + " failed, at most " + most + " queries");
    assertThat(most).isLessThanOrEqualTo(2 * WalkLimits.DEFAULT.queries());
    assertThat((double) failed / asked).isLessThan(0.6);
  }
}
