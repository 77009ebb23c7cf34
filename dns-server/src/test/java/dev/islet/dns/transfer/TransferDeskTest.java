package dev.islet.dns.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.core.net.Prefix;
import dev.islet.core.trace.Trace;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.Transport;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.TransferPolicy;
import dev.islet.dns.store.MasterFile;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import dev.islet.dns.zone.Zones;
import dev.islet.testkit.VirtualTime;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

class TransferDeskTest {
  private static final Name HOME = Name.fromConstantString("home.arpa.");
  private static final InetSocketAddress HERE = new InetSocketAddress("127.0.0.1", 53);

  private final VirtualTime time = new VirtualTime();
  private final ZoneHolder zones = new ZoneHolder();
  private final List<String> counted = new ArrayList<>();
  private final TransferBook book = new TransferBook(new Trace<DnsEvent>("dns", time));
  private final TransferDesk desk = new TransferDesk(zones, new History(), time, book);

  TransferDeskTest() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 2_000; i++) {
      lines.add("h" + i + " A 10.0.0.1");
    }
    Zone zone = MasterFile.lines(lines, HOME, "test");
    zones.publish(Zones.of(List.of(zone)));
    var loopback = new Acl(List.of(Prefix.parse("127.0.0.0/8")));
    desk.policies(
        Map.of(HOME, new TransferPolicy(Optional.of(loopback), Set.of(), Duration.ofMinutes(1))));
    book.counts(
        new TransferBook.Counts() {
          @Override
          public void transfer(boolean out, String kind, String result) {
            counted.add((out ? "out " : "in ") + kind + " " + result);
          }

          @Override
          public void notify(boolean out, boolean taken) {}
        });
  }

  private java.util.Iterator<byte[]> axfr() {
    var question = new Question(HOME, Type.AXFR, 1);
    var request = new Request(1, 0, question, Optional.empty(), HERE, HERE, Transport.TCP);
    return ((TransferDesk.Reply.Sequence) desk.answer(request, new byte[0], Optional.empty()))
        .messages();
  }

  @Test
  void a_transfer_in_time_is_whole_and_counted_once() {
    var messages = axfr();
    int count = 0;
    for (; messages.hasNext(); count++) {
      messages.next();
      time.advance(Duration.ofSeconds(1));
    }
    assertThat(count).isGreaterThan(2);
    assertThat(counted).containsExactly("out axfr sent");
  }

  @Test
  void one_that_takes_too_long_is_cut() {
    var messages = axfr();
    messages.next();
    time.advance(Duration.ofSeconds(60));
    messages.next();
    time.advance(Duration.ofMillis(1));
    assertThat(messages.hasNext()).isTrue();
    assertThatThrownBy(messages::next).isInstanceOf(CancellationException.class);
    assertThat(counted).containsExactly("out axfr cut");
  }
}
