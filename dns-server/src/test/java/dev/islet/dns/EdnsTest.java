package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.core.net.Prefix;
import dev.islet.dns.model.DnsEvent;
import dev.islet.testkit.Wait;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.GenericEDNSOption;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;
import org.xbill.DNS.TcpKeepaliveOption;

/** What EDNS adds to questions and replies, and the limit of replies, over real sockets. */
class EdnsTest {
  private static final String SECRET = "e5e973e5a6b2a43f48e7dc849e37bfcf";
  private static final int PER_SECOND = 5;

  private final ConcurrentLinkedQueue<DnsEvent> events = new ConcurrentLinkedQueue<>();

  /** With loopback limited like everybody, and a clock that stands still. */
  private DnsServer serve(int slip) {
    var clock = new dev.islet.testkit.VirtualTime();
    return DnsServer.create(
            c ->
                c.listen("127.0.0.1", 0)
                    .parts(clock, new java.util.Random(1))
                    .cookies(SECRET)
                    .onTrace(events::add)
                    .rateLimit(
                        new DnsConfig.RateConfig(
                            PER_SECOND, slip, 24, 56, List.of(Prefix.parse("192.168.0.0/16"))))
                    .zone("home.arpa", z -> z.a("nas", "192.168.7.10")))
        .start();
  }

  private static Message query(EDNSOption... options) {
    var query = Asker.query("nas.home.arpa.", "A");
    query.addRecord(new OPTRecord(1232, 0, 0, 0, Arrays.asList(options)), Section.ADDITIONAL);
    return query;
  }

  private static CookieOption cookie(Message reply) {
    return (CookieOption) reply.getOPT().getOptions(EDNSOption.Code.COOKIE).getFirst();
  }

  @Test
  void who_shows_a_cookie_is_not_limited_and_who_has_none_gets_one() throws IOException {
    try (var dns = serve(1);
        var asker = Asker.of(dns)) {
      for (int i = 0; i < PER_SECOND; i++) {
        assertThat(asker.ask(query()).getSection(Section.ANSWER)).hasSize(1);
      }
      var cut = asker.ask(query());
      assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
      assertThat(cut.getSection(Section.ANSWER)).isEmpty();
      assertThat(asker.tcp(query()).getSection(Section.ANSWER)).as("over TCP").hasSize(1);
      var plain = asker.ask(Asker.query("nas.home.arpa.", "A"));
      assertThat(plain.getHeader().getFlag(Flags.TC)).isTrue();
      assertThat(plain.getOPT()).isNull();
      var client = new byte[] {1, 2, 3, 4, 5, 6, 7, 8};
      var bad = asker.ask(query(new CookieOption(client)));
      assertThat(bad.getRcode()).isEqualTo(23); // BADCOOKIE
      var given = cookie(bad).getServerCookie().orElseThrow();
      for (int i = 0; i < 3 * PER_SECOND; i++) {
        var reply = asker.ask(query(new CookieOption(client, given)));
        assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
        assertThat(cookie(reply).getServerCookie().orElseThrow()).isEqualTo(given);
      }
      var forged = given.clone();
      forged[15] ^= 1;
      assertThat(asker.ask(query(new CookieOption(client, forged))).getRcode()).isEqualTo(23);
      awaitLimited(true);
    }
  }

  /** The trace has a thread of its own. */
  private void awaitLimited(boolean slipped) {
    Wait.until(
        Duration.ofSeconds(10),
        () ->
            events.stream()
                    .anyMatch(
                        e -> e instanceof DnsEvent.Limited(_, _, var slip, _) && slip == slipped)
                ? ""
                : "no such event among " + events);
  }

  @Test
  void without_slip_there_is_silence() throws IOException {
    try (var dns = serve(0);
        var asker = Asker.of(dns)) {
      for (int i = 0; i < PER_SECOND; i++) {
        asker.ask(query());
      }
      for (int i = 0; i < 20; i++) {
        asker.send(query().toWire());
      }
      var other = Asker.query("none.home.arpa.", "A"); // another kind, in order behind the others
      asker.send(other.toWire());
      var heard = new Message(asker.receive());
      assertThat(heard.getRcode()).isEqualTo(Rcode.NXDOMAIN);
      awaitLimited(false);
    }
  }

  @Test
  void replies_to_spoiled_messages_are_limited_as_well() throws IOException {
    try (var dns = serve(0);
        var asker = Asker.of(dns)) {
      var spoiled = query().toWire();
      spoiled[5] = 2; // two questions
      int replies = 0;
      for (int i = 0; i < 20; i++) {
        asker.send(spoiled);
      }
      asker.send(query().toWire());
      while (new Message(asker.receive()).getRcode() == Rcode.FORMERR) {
        replies++;
      }
      assertThat(replies).isEqualTo(PER_SECOND);
    }
  }

  @Test
  void a_cookie_of_a_length_that_is_none_is_malformed() throws IOException {
    try (var dns = serve(1);
        var asker = Asker.of(dns)) {
      for (int length : new int[] {0, 7, 9, 15, 41}) {
        asker.send(query(new GenericEDNSOption(10, new byte[length])).toWire());
        assertThat(asker.receive()[3] & 0xF).as(length + " bytes").isEqualTo(Rcode.FORMERR);
      }
    }
  }

  @Test
  void options_that_have_no_place_are_ignored_and_two_opt_records_are_a_fault() throws IOException {
    try (var dns = serve(1);
        var asker = Asker.of(dns)) {
      var reply = asker.ask(query(new GenericEDNSOption(65_001, new byte[9])));
      assertThat(reply.getSection(Section.ANSWER)).hasSize(1);
      assertThat(reply.getOPT().getOptions()).isEmpty();
      var keepalive = new TcpKeepaliveOption();
      assertThat(asker.ask(query(keepalive)).getOPT().getOptions()).isEmpty();
      var told = asker.tcp(query(keepalive)).getOPT().getOptions(EDNSOption.Code.TCP_KEEPALIVE);
      assertThat(((TcpKeepaliveOption) told.getFirst()).getTimeout()).hasValue(100);
      var twice = query();
      twice.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
      asker.send(twice.toWire());
      assertThat(asker.receive()[3] & 0xF).isEqualTo(Rcode.FORMERR);
      var later = Asker.query("nas.home.arpa.", "A");
      later.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
      var badvers = asker.ask(later);
      assertThat(badvers.getRcode()).isEqualTo(Rcode.BADVERS);
      assertThat(badvers.getOPT().getVersion()).isZero();
      assertThat(badvers.getSection(Section.ANSWER)).isEmpty();
    }
  }
}
