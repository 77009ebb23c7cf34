package dev.islet.voip.exchange;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.testkit.VirtualTime;
import dev.islet.voip.call.CallRules;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.registrar.Account;
import dev.islet.voip.registrar.Authority;
import dev.islet.voip.registrar.Digest;
import dev.islet.voip.registrar.Digest.Algorithm;
import dev.islet.voip.registrar.Registrar;
import dev.islet.voip.wire.Parsed;
import dev.islet.voip.wire.SipParser;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** An exchange on virtual time, with extensions 100 to 103 and phones that are played by tests. */
final class ExchangeBench {
  static final InetSocketAddress SERVER = new InetSocketAddress("192.168.7.1", 5060);
  static final long SECOND = 1_000_000_000L;

  final VirtualTime time = new VirtualTime();
  final FakeRelay relay = new FakeRelay();
  final Map<InetSocketAddress, Phone> phones = new HashMap<>();
  final List<Registrar.Change> kept = new ArrayList<>();
  final List<CallRecord> records = new ArrayList<>();
  final List<VoipEvent> events = new ArrayList<>();
  final List<ExchangeAction.AskRouting> routings = new ArrayList<>();
  final Map<Tally, Integer> counts = new EnumMap<>(Tally.class);
  final Exchange exchange;

  ExchangeBench() {
    this(false, List.of());
  }

  ExchangeBench(boolean asksRouting, List<Binding> restored) {
    var rules =
        new ExchangeRules(
            "home.arpa",
            Set.of("voip.home.arpa"),
            500,
            List.of("friendly-scanner"),
            asksRouting,
            new Authority.Rules(
                "home.arpa",
                List.of(Algorithm.SHA_256, Algorithm.MD5),
                300 * SECOND,
                3,
                30 * SECOND,
                List.of("old phone")),
            new Registrar.Rules(60, 3600, 7200, 3),
            new CallRules("home.arpa", 5, 2, 30 * SECOND, 3600 * SECOND, 60 * SECOND));
    exchange =
        new Exchange(
            time.now(), rules, accounts(), new byte[32], new Random(1), relay, restored, s -> {});
  }

  static Map<String, Account> accounts() {
    var accounts = new HashMap<String, Account>();
    for (var number : List.of("100", "101", "102", "103")) {
      var ha1 = new EnumMap<Algorithm, String>(Algorithm.class);
      for (var algorithm : Algorithm.values()) {
        ha1.put(algorithm, Digest.ha1(algorithm, number, "home.arpa", "pw" + number));
      }
      accounts.put(number, new Account(number, "Phone " + number, ha1));
    }
    return accounts;
  }

  Phone phone(String number, int port) {
    var address = new InetSocketAddress("192.168.7.20", port);
    return phones.computeIfAbsent(address, a -> new Phone(this, number, a));
  }

  /** A phone that is registered. */
  Phone registered(String number, int port) {
    var phone = phone(number, port);
    phone.register();
    assertThat(phone.lastStatus()).isEqualTo(200);
    return phone;
  }

  void receive(String text, InetSocketAddress from) {
    var parsed = new SipParser(100).datagram(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
    assertThat(parsed).as(text).isInstanceOf(Parsed.Good.class);
    var flow = new Flow(Flow.Transport.UDP, SERVER, from, 0);
    on(new ExchangeEvent.Received(((Parsed.Good) parsed).message(), flow));
  }

  void on(ExchangeEvent event) {
    exchange.on(time.now(), event, this::perform);
  }

  void advance(Duration by) {
    long end = time.now() + by.toNanos();
    while (exchange.deadline() <= end) {
      time.advanceTo(exchange.deadline());
      exchange.onTime(time.now(), this::perform);
    }
    time.advanceTo(end);
  }

  private void perform(ExchangeAction action) {
    switch (action) {
      case ExchangeAction.Send(var flow, _, _, var bytes) -> {
        var phone = phones.get(flow.remote());
        if (phone != null) {
          phone.inbox.add(message(bytes));
        }
      }
      case ExchangeAction.Keep(var change) -> kept.add(change);
      case ExchangeAction.AskRouting ask -> routings.add(ask);
      case ExchangeAction.Finished(var record) -> records.add(record);
      case ExchangeAction.Tell(var event) -> events.add(event);
      case ExchangeAction.Count(var what) -> counts.merge(what, 1, Integer::sum);
    }
  }

  static SipMessage message(byte[] bytes) {
    return ((Parsed.Good) new SipParser(100).datagram(bytes)).message();
  }

  /** That no call, transaction or port is left once every timer has run out. */
  void leavesNothing() {
    advance(Duration.ofSeconds(200));
    var load = exchange.load();
    assertThat(load.calls()).isZero();
    assertThat(load.served()).isZero();
    assertThat(load.asked()).isZero();
    assertThat(relay.open).isZero();
  }
}
