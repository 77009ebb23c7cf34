package dev.islet.monitor.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.monitor.model.Alert;
import dev.islet.monitor.model.Sample;
import dev.islet.monitor.model.ServiceSample;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AlarmsTest {
  private final Alarms alarms = new Alarms(Rules.ALL);
  private final List<Alert> told = new ArrayList<>();
  private List<Alert> standing = List.of();
  private long second;

  private static Sample sample(
      Double temperature, long available, String dnsState, Sample.Throttle throttle, Double pool) {
    var board =
        new Sample.Board(
            0.1,
            List.of(0.1, 0.1),
            List.of(0.5, 0.5, 0.5),
            null,
            new Sample.Memory(1000L, available, null, null),
            new Sample.Disk("/data", 1000L, 500L, null, null),
            temperature,
            throttle);
    var figures = List.of(new ServiceSample.Figure("dhcp.pool", "Pool", pool, "%", true));
    return new Sample(
        1_000_000,
        new Sample.Host("pi", null, null, null, "25"),
        board,
        List.of(),
        List.of(
            new ServiceSample("dns", dnsState, null, "", List.of(), null, null, List.of()),
            new ServiceSample("dhcp", "up", null, "", List.of(), null, null, figures)),
        List.of(),
        new Sample.Self(null, null));
  }

  private void seconds(int count, Sample sample) {
    for (int i = 0; i < count; i++) {
      standing = alarms.on(second++ * 1_000_000_000L, sample, told::add);
    }
  }

  private static Sample good() {
    return sample(50.0, 500, "up", null, 0.2);
  }

  @Test
  void nothing_is_told_of_a_board_that_is_well_or_unknown() {
    seconds(300, good());
    seconds(300, sample(null, 500, "unknown", null, null));
    assertThat(told).isEmpty();
  }

  @Test
  void a_service_that_stays_away_is_told_once_and_once_that_it_is_back() {
    seconds(5, sample(50.0, 500, "down", null, 0.2));
    seconds(20, good());
    assertThat(told).as("a blink").isEmpty();
    seconds(60, sample(50.0, 500, "down", null, 0.2));
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().rule()).isEqualTo("service-down:dns");
    assertThat(told.getFirst().severity()).isEqualTo("critical");
    assertThat(told.getFirst().text()).isEqualTo("dns is down");
    assertThat(standing).hasSize(1);
    seconds(30, good());
    assertThat(told).hasSize(2);
    assertThat(told.getLast().over()).isTrue();
    assertThat(standing).isEmpty();
  }

  @Test
  void what_hovers_at_the_limit_is_told_once() {
    for (int i = 0; i < 20; i++) {
      seconds(31, sample(80.4, 500, "up", null, 0.2));
      seconds(31, sample(79.0, 500, "up", null, 0.2));
    }
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().text()).contains("80 °C").doesNotContain("79");
    seconds(31, sample(74.0, 500, "up", null, 0.2));
    assertThat(told).hasSize(2);
  }

  @Test
  void memory_pool_and_voltage_have_their_rules() {
    var throttle = new Sample.Throttle(List.of("under-voltage"), List.of("under-voltage"));
    seconds(120, sample(50.0, 50, "up", throttle, 0.99));
    assertThat(told)
        .extracting(Alert::rule)
        .containsExactlyInAnyOrder("memory-low", "throttled", "dhcp-pool-low");
  }

  @Test
  void a_thing_that_is_gone_ends_its_alert() {
    seconds(60, sample(50.0, 500, "up", null, 0.99));
    assertThat(standing).hasSize(1);
    seconds(60, sample(50.0, 500, "up", null, null));
    assertThat(standing).isEmpty();
  }
}
