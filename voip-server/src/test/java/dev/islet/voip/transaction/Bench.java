package dev.islet.voip.transaction;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.islet.testkit.VirtualTime;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.wire.Parsed;
import dev.islet.voip.wire.SipParser;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Transactions on virtual time, with a core that notes what it hears. */
final class Bench implements TransactionUser {
  static final Flow UDP =
      new Flow(
          Flow.Transport.UDP,
          new InetSocketAddress("192.168.7.1", 5060),
          new InetSocketAddress("192.168.7.20", 5070),
          0);
  static final Flow TCP =
      new Flow(
          Flow.Transport.TCP,
          new InetSocketAddress("192.168.7.1", 5060),
          new InetSocketAddress("192.168.7.20", 40_000),
          7);

  record Sent(long millis, String title, Flow flow) {}

  final VirtualTime time = new VirtualTime();
  final Timers timers = new Timers();
  final List<Sent> sent = new ArrayList<>();
  final List<String> heard = new ArrayList<>();
  final List<Arrival> arrivals = new ArrayList<>();
  final Transactions transactions;
  private final long begun = time.now();

  Bench(int capacity) {
    transactions =
        new Transactions(
            (flow, title, callId, bytes) -> sent.add(new Sent(millis(), title, flow)),
            this,
            timers,
            capacity);
  }

  long millis() {
    return (time.now() - begun) / 1_000_000;
  }

  void advance(Duration by) {
    long end = time.now() + by.toNanos();
    while (timers.next() <= end) {
      time.advanceTo(timers.next());
      timers.run(time.now());
    }
    time.advanceTo(end);
  }

  /** When each message of that name went out, in milliseconds. */
  List<Long> times(String title) {
    return sent.stream().filter(s -> s.title().startsWith(title)).map(Sent::millis).toList();
  }

  void receive(SipMessage message, Flow from) {
    transactions.receive(time.now(), message, from);
  }

  ClientTransaction begin(SipRequest request, Flow flow) {
    return transactions.begin(
        time.now(),
        request,
        flow,
        new ClientTransaction.Watcher() {
          @Override
          public void answered(long now, SipResponse response, Flow from) {
            heard.add(millis() + " " + response.status());
          }

          @Override
          public void failed(long now, ClientTransaction.Failure why) {
            heard.add(millis() + " " + why);
          }
        });
  }

  /** The last request that reached the core, taken on. */
  ServerTransaction taken() {
    return transactions.accept(arrivals.getLast()).orElseThrow();
  }

  static SipRequest request(String method, String branch) {
    return (SipRequest)
        parse(
            method
                + " sip:101@home.arpa SIP/2.0\n"
                + fields(method, "z9hG4bK" + branch, "")
                + "Max-Forwards: 70\n\n");
  }

  static SipResponse response(int status, SipRequest to) {
    var via = to.headers().first("Via").orElseThrow();
    var branch = via.substring(via.indexOf("branch=") + 7);
    return (SipResponse)
        parse(
            "SIP/2.0 "
                + status
                + " X\n"
                + fields(to.vitals().cseq().method(), branch, ";tag=callee")
                + "\n");
  }

  private static String fields(String method, String branch, String toTag) {
    return "Via: SIP/2.0/UDP 192.168.7.20:5070;branch="
        + branch
        + "\nFrom: <sip:100@home.arpa>;tag=caller\nTo: <sip:101@home.arpa>"
        + toTag
        + "\nCall-ID: one\nCSeq: 1 "
        + method
        + "\n";
  }

  static SipMessage parse(String text) {
    var parsed = new SipParser(50).datagram(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
    return ((Parsed.Good) parsed).message();
  }

  @Override
  public void request(long now, Arrival arrival) {
    arrivals.add(arrival);
    heard.add(millis() + " " + arrival.request().method());
  }

  @Override
  public void ack(long now, SipRequest ack, Flow from) {
    heard.add(millis() + " ACK");
  }

  @Override
  public void cancel(
      long now, ServerTransaction cancel, SipRequest request, Optional<ServerTransaction> of) {
    heard.add(millis() + " CANCEL " + of.isPresent());
  }

  @Override
  public void stray(long now, SipResponse response, Flow from) {
    heard.add(millis() + " stray " + response.status());
  }
}
