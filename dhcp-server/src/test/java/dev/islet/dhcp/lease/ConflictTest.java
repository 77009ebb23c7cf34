package dev.islet.dhcp.lease;

import static dev.islet.dhcp.Ask.discover;
import static dev.islet.dhcp.Ask.request;
import static dev.islet.dhcp.model.MessageType.ACK;
import static dev.islet.dhcp.model.MessageType.DECLINE;
import static dev.islet.dhcp.model.MessageType.OFFER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.dhcp.Ask;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.Outcome;
import dev.islet.dhcp.subnet.Link;
import dev.islet.dhcp.wire.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who uses an address is asked before it is offered (RFC 2131 section 2.2). */
class ConflictTest {
  private static final String A = "02:00:00:00:00:0a";
  private static final String B = "02:00:00:00:00:0b";
  private static final String SQUATTER = "02:00:00:00:00:99";
  private static final Duration WAIT = Duration.ofMillis(400);

  private final Lab lab = Lab.careful();

  private static Ip4 ip(String text) {
    return Ip4.parse(text);
  }

  private List<Action.Probe> probes() {
    return lab.last.stream()
        .filter(Action.Probe.class::isInstance)
        .map(Action.Probe.class::cast)
        .toList();
  }

  private void seen(String address, String by) {
    var hardware =
        by.isEmpty() ? Optional.<HardwareAddress>empty() : Optional.of(HardwareAddress.parse(by));
    lab.last = lab.loop.on(new Input.Conflict(ip(address), hardware, "ARP"));
  }

  @Test
  void an_address_is_asked_for_twice_and_offered_when_nobody_has_answered() {
    assertThat(lab.says(discover(A))).isEmpty();
    assertThat(probes()).containsExactly(new Action.Probe(ip("10.77.0.50"), Lab.LINK, false));
    lab.advance(WAIT.dividedBy(2));
    assertThat(probes()).hasSize(1);
    assertThat(lab.reply()).isEmpty();
    lab.advance(WAIT.dividedBy(2));
    assertThat(lab.reply().orElseThrow().options().type()).contains(OFFER);
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.50"));
  }

  @Test
  void an_address_in_use_rests_and_the_next_is_offered_within_half_a_second() {
    lab.says(discover(A));
    seen("10.77.0.50", SQUATTER);
    assertThat(lab.outcomes()).contains(Outcome.CONFLICT);
    assertThat(lab.kept()).as("the rest outlives a restart").hasSize(1);
    assertThat(probes()).containsExactly(new Action.Probe(ip("10.77.0.51"), Lab.LINK, false));
    lab.advance(Duration.ofMillis(390));
    seen("10.77.0.51", SQUATTER);
    lab.advance(Duration.ofMillis(110));
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.52"));
  }

  @Test
  void a_client_that_still_uses_its_old_address_is_in_nobodys_way() {
    lab.says(discover(A));
    seen("10.77.0.50", A);
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.50"));
    assertThat(probes()).isEmpty();
  }

  @Test
  void nobody_else_waits_and_nobody_gets_what_is_being_asked_for() {
    lab.says(discover(A));
    lab.advance(Duration.ofMillis(100));
    lab.says(discover(B));
    assertThat(probes()).containsExactly(new Action.Probe(ip("10.77.0.51"), Lab.LINK, false));
    lab.advance(Duration.ofMillis(300));
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.50"));
    lab.advance(Duration.ofMillis(100));
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.51"));
  }

  @Test
  void a_client_that_asks_again_meanwhile_gets_one_offer_for_its_last_question() {
    lab.says(discover(A).xid(1));
    lab.advance(Duration.ofMillis(300));
    assertThat(lab.says(discover(A).xid(2))).isEmpty();
    assertThat(probes()).isEmpty();
    lab.advance(Duration.ofMillis(100));
    assertThat(lab.last.stream().filter(Action.Send.class::isInstance)).hasSize(1);
    assertThat(lab.reply().map(Message::xid)).contains(2);
    lab.advance(WAIT);
    assertThat(lab.reply()).isEmpty();
  }

  @Test
  void who_has_an_address_or_our_word_gets_it_at_once() {
    lab.says(discover(A));
    lab.advance(WAIT);
    assertThat(lab.says(discover(A))).as("offered already").isPresent();
    assertThat(lab.says(request(A).wish("10.77.0.50").server("10.77.0.1"))).isPresent();
    assertThat(lab.says(discover(A))).as("bound").isPresent();
  }

  @Test
  void a_client_that_chose_another_server_meanwhile_hears_nothing() {
    lab.says(discover(A));
    lab.says(request(A).wish("10.77.0.9").server("10.77.0.99"));
    lab.advance(WAIT);
    assertThat(lab.reply()).isEmpty();
    lab.says(discover(B));
    lab.advance(WAIT);
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.50"));
  }

  @Test
  void behind_a_relay_it_is_asked_by_icmp() {
    lab.says(discover(A).relay("10.77.0.9"));
    assertThat(probes()).containsExactly(new Action.Probe(ip("10.77.0.50"), Lab.LINK, true));
    seen("10.77.0.50", "");
    assertThat(probes()).containsExactly(new Action.Probe(ip("10.77.0.51"), Lab.LINK, true));
  }

  @Test
  void our_own_address_is_never_given() {
    var link = new Link("eth0", List.of(ip("10.77.0.50"), ip("10.77.0.51")), false);
    lab.last = lab.loop.on(new Input.Arrived(discover(A).message(), link, Ip4.NONE, 68, false));
    lab.advance(WAIT);
    assertThat(lab.reply().map(Message::yiaddr)).contains(ip("10.77.0.52"));
  }

  @Test
  void rapid_commit_waits_too_and_after_too_many_conflicts_there_is_silence() {
    lab.says(discover(A));
    for (int i = 50; i < 54; i++) {
      seen("10.77.0." + i, SQUATTER);
    }
    assertThat(lab.outcomes()).contains(Outcome.EXHAUSTED);
    lab.advance(WAIT);
    assertThat(lab.reply()).isEmpty();
    // An hour later the squatter is gone, and what rested is given again.
    lab.advance(Duration.ofHours(1));
    lab.says(discover(B));
    lab.advance(WAIT);
    assertThat(lab.reply().map(Message::yiaddr)).isPresent();
  }

  @Test
  void a_declined_address_rests_and_is_asked_for_before_it_is_given_again() {
    lab.says(discover(A));
    lab.advance(WAIT);
    lab.says(request(A).wish("10.77.0.50").server("10.77.0.1"));
    lab.says(Ask.of(DECLINE, A).wish("10.77.0.50").server("10.77.0.1"));
    lab.advance(Duration.ofHours(1));
    lab.says(discover(B).wish("10.77.0.50"));
    assertThat(probes()).containsExactly(new Action.Probe(ip("10.77.0.50"), Lab.LINK, false));
    lab.advance(WAIT);
    var ack = lab.says(request(B).wish("10.77.0.50").server("10.77.0.1"));
    assertThat(ack.orElseThrow().options().type()).contains(ACK);
  }
}
