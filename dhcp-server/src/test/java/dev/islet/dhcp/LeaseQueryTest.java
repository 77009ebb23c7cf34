package dev.islet.dhcp;

import static dev.islet.dhcp.model.MessageType.LEASEACTIVE;
import static dev.islet.dhcp.model.MessageType.LEASEQUERY;
import static dev.islet.dhcp.model.MessageType.LEASEUNASSIGNED;
import static dev.islet.dhcp.model.MessageType.LEASEUNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.lease.Destination;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.wire.Code;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A relay asks who has which address (RFC 4388). */
class LeaseQueryTest {
  private static final String A = "b8:27:eb:00:00:0a";
  private static final String RELAY = "10.77.0.9";

  private final YamlLab lab =
      new YamlLab(
          """
          lease-query: [10.77.0.8/30]
          subnets: [{subnet: 10.77.0.0/24, pools: [10.77.0.50-10.77.0.59], lease: 1h}]
          """);

  private static Ask query(String mac) {
    return Ask.of(LEASEQUERY, mac).relay(RELAY);
  }

  @Test
  void by_address_by_hardware_and_by_identifier() {
    var id = "01b827eb00000a";
    assertThat(lab.joins(Ask.discover(A).id(id), Ask.request(A).id(id))).isEqualTo("10.77.0.50");
    lab.advance(Duration.ofMinutes(10));
    for (var ask :
        new Ask[] {
          query("00:00:00:00:00:00").has("10.77.0.50"), query(A), query("00:00:00:00:00:00").id(id)
        }) {
      var reply = lab.says(ask).orElseThrow();
      assertThat(reply.options().type()).contains(LEASEACTIVE);
      assertThat(reply.ciaddr()).isEqualTo(Ip4.parse("10.77.0.50"));
      assertThat(reply.hardware()).isEqualTo(HardwareAddress.parse(A));
      assertThat(reply.options().get(Code.CLIENT_ID)).contains(Octets.parse(id));
      assertThat(reply.options().number32(Code.LEASE_TIME)).contains(3_000L);
      assertThat(reply.options().number32(Code.LAST_TRANSACTION)).contains(600L);
      assertThat(lab.send().orElseThrow().to())
          .isEqualTo(new Destination.Relay(Ip4.parse(RELAY), 67));
    }
  }

  @Test
  void what_nobody_has_and_what_is_not_ours() {
    assertThat(lab.says(query(A).has("10.77.0.51")).orElseThrow().options().type())
        .contains(LEASEUNASSIGNED);
    assertThat(lab.says(query(A).has("192.0.2.1")).orElseThrow().options().type())
        .contains(LEASEUNKNOWN);
    assertThat(lab.says(query(A)).orElseThrow().options().type()).contains(LEASEUNKNOWN);
  }

  @Test
  void others_get_no_answer() {
    assertThat(lab.says(Ask.of(LEASEQUERY, A).has("10.77.0.50"))).isEmpty();
    assertThat(lab.says(Ask.of(LEASEQUERY, A).relay("10.77.0.20").has("10.77.0.50"))).isEmpty();
    assertThat(lab.outcomes()).containsExactly(Outcome.NONSENSE);
  }
}
