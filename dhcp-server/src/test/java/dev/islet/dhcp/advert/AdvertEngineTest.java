package dev.islet.dhcp.advert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Prefix;
import dev.islet.dhcp.model.Advert;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.wire.AdvertCodec;
import dev.islet.dhcp.wire.AdvertCodec.Heard;
import dev.islet.testkit.VirtualLoop;
import dev.islet.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class AdvertEngineTest {
  private static final Ip6 HOST = Ip6.parse("fe80::9");
  private static final Prefix OLD = Prefix.parse("2001:db8:7::/64");
  private static final Prefix NEW = Prefix.parse("2001:db8:8::/64");

  private final VirtualTime time = new VirtualTime();
  private final AdvertEngine engine =
      new AdvertEngine(Map.of("eth0", plan(OLD)), new SplittableRandom(7), time.now());
  private final VirtualLoop<AdvertEngine.Input, AdvertEngine.Action> loop =
      new VirtualLoop<>(engine, time);

  private static AdvertEngine.Plan plan(Prefix prefix) {
    return new AdvertEngine.Plan(advert(prefix), Duration.ofMinutes(10));
  }

  private static Advert advert(Prefix prefix) {
    return new Advert(
        64,
        true,
        true,
        Duration.ofMinutes(30),
        Optional.of(MacAddress.parse("02:00:00:00:00:01")),
        Optional.of(1400),
        List.of(new Advert.OnLink(prefix, true, Duration.ofMinutes(90), Duration.ofMinutes(45))),
        List.of(Ip6.parse("2001:db8:7::1")),
        List.of("home.arpa"),
        Duration.ofMinutes(30),
        Optional.of(Prefix.parse("64:ff9b::/96")),
        Optional.of("https://p/"));
  }

  private static List<byte[]> sent(List<AdvertEngine.Action> actions) {
    var sent = new ArrayList<byte[]>();
    for (var action : actions) {
      if (action instanceof AdvertEngine.Action.Send(var link, var message)) {
        sent.add(message);
      }
    }
    return sent;
  }

  private List<AdvertEngine.Action> asks() {
    return loop.on(
        new AdvertEngine.Input.Said("eth0", HOST, new Heard.Solicitation(Optional.empty())));
  }

  @Test
  void every_byte_is_where_the_standards_want_it() {
    assertThat(HexFormat.of().formatHex(AdvertCodec.encode(advert(OLD))))
        .isEqualTo(
            "8600000040c007080000000000000000" // RFC 4861 4.2: M and O, 1800 s
                + "0101020000000001" // source link-layer address
                + "0501000000000578" // MTU 1400
                + "030440c00000151800000a8c00000000" // /64, on link, autonomous, 5400 s, 2700 s
                + "20010db8000700000000000000000000"
                + "1903000000000708" // RFC 8106 5.1, 1800 s
                + "20010db8000700000000000000000001"
                + "1f03000000000708" // RFC 8106 5.2
                + "04686f6d6504617270610000000000"
                + "00"
                + "26020708" // RFC 8781: 225 units of 8 s, /96
                + "0064ff9b0000000000000000"
                + "250268747470733a2f2f702f00000000"); // RFC 8910 2.3
  }

  @Test
  void it_speaks_at_once_and_then_after_pauses() {
    var times = new ArrayList<Long>();
    for (int second = 0; second < 3_600; second++) {
      if (!sent(loop.advance(Duration.ofSeconds(1))).isEmpty()) {
        times.add(time.now() / 1_000_000_000L);
      }
    }
    // The first three are no more than 16 s apart, the others up to ten minutes.
    assertThat(times.get(1) - times.get(0)).isLessThanOrEqualTo(16);
    assertThat(times.get(2) - times.get(1)).isLessThanOrEqualTo(17);
    assertThat(times.size()).isBetween(8, 22);
  }

  @Test
  void a_hundred_questions_get_one_answer_and_not_too_soon() {
    loop.advance(Duration.ofMinutes(1));
    int answers = 0;
    for (int i = 0; i < 100; i++) {
      answers += sent(asks()).size();
    }
    answers += sent(loop.advance(Duration.ofMillis(500))).size();
    assertThat(answers).isEqualTo(1);
    asks();
    assertThat(sent(loop.advance(Duration.ofMillis(2_400)))).isEmpty();
    assertThat(sent(loop.advance(Duration.ofMillis(1_200)))).hasSize(1);
  }

  @Test
  void a_prefix_that_is_gone_is_taken_back_and_forgotten_in_time() {
    loop.advance(Duration.ofMinutes(1));
    engine.reconfigure(Map.of("eth0", plan(NEW)), time.now());
    var told = HexFormat.of().formatHex(sent(loop.advance(Duration.ofSeconds(4))).getFirst());
    assertThat(told).contains("20010db80008");
    // The old one: 90 minutes and not preferred.
    assertThat(told).containsPattern("030440c0000015(18|17)0000000000000000" + "20010db80007");
    engine.reconfigure(Map.of("eth0", plan(NEW)), time.now());
    loop.advance(Duration.ofMinutes(91));
    asks();
    told = HexFormat.of().formatHex(sent(loop.advance(Duration.ofSeconds(4))).getFirst());
    assertThat(told).doesNotContainPattern("030440c0[0-9a-f]{24}20010db80007");
    assertThat(told).contains("20010db80008");
  }

  @Test
  void the_last_word_is_that_this_is_no_router() {
    var last = engine.farewell(time.now()).get("eth0");
    assertThat(HexFormat.of().formatHex(last)).startsWith("8600000040c00000");
  }

  @Test
  void other_routers_are_noticed_once() {
    var heard =
        new Heard.Advertisement(
            Optional.of(MacAddress.parse("02:00:00:00:00:66")), Duration.ofMinutes(30));
    var said = new AdvertEngine.Input.Said("eth0", Ip6.parse("fe80::66"), heard);
    assertThat(outcomes(loop.on(said))).containsExactly(Outcome.OTHER_ROUTER);
    assertThat(outcomes(loop.on(said))).isEmpty();
    assertThat(engine.strangers())
        .singleElement()
        .satisfies(s -> assertThat(s.mac()).isEqualTo("02:00:00:00:00:66"));
    for (int i = 0; i < 1_000; i++) {
      loop.on(new AdvertEngine.Input.Said("eth0", HOST.plus(i), heard));
    }
    assertThat(engine.strangers()).hasSize(64);
  }

  private static List<Outcome> outcomes(List<AdvertEngine.Action> actions) {
    return actions.stream()
        .filter(AdvertEngine.Action.Tell.class::isInstance)
        .flatMap(a -> ((AdvertEngine.Action.Tell) a).outcome().stream())
        .toList();
  }

  @Test
  void what_is_not_of_this_link_is_not_believed() {
    var good = new byte[] {(byte) 133, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 0, 0, 0, 0, 9};
    assertThat(AdvertCodec.read(good, 255, false)).isInstanceOf(Heard.Solicitation.class);
    assertThat(AdvertCodec.read(good, 64, false)).isInstanceOf(Heard.Malformed.class);
    assertThat(AdvertCodec.read(good, 255, true)).isInstanceOf(Heard.Malformed.class);
    var random = new SplittableRandom(3);
    for (int run = 0; run < 100_000; run++) {
      var bytes = java.util.Arrays.copyOf(good, random.nextInt(good.length + 20));
      for (int i = 2 + random.nextInt(3); i < bytes.length; i += 1 + random.nextInt(4)) {
        bytes[i] = (byte) random.nextInt(256);
      }
      AdvertCodec.read(bytes, 255, random.nextBoolean());
    }
  }
}
