package dev.islet.dns.resolve;

import dev.islet.dns.wire.MessageView;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/**
 * The exchanges under way: sends queries with a random id from a random port, and takes only what
 * comes from the server with that id and that question (RFC 5452 section 9.1). Each ends with one
 * {@link Outcome}; what to do then is its party's business.
 */
final class Exchanges {
  private static final int FIRST_PORT = 1_024;
  private static final int PORTS = 65_536 - FIRST_PORT;

  /** So many datagrams that do not match look like guessing; the stream cannot be guessed into. */
  private static final int MAX_STRANGERS = 16;

  private static final byte[] NO_COOKIE = {};

  private record Due(long at, long exchange) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      int byTime = Long.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(exchange, other.exchange);
    }
  }

  private final RandomGenerator random;
  private final Stage stage;
  private final MessageView view = new MessageView();
  private final Map<Long, Exchange> open = new HashMap<>();
  private final TreeMap<Due, Exchange> due = new TreeMap<>();
  private long next = 1;

  Exchanges(RandomGenerator random, Stage stage) {
    this.random = random;
    this.stage = stage;
  }

  /** When the next exchange counts as silent. */
  long deadline() {
    return due.isEmpty() ? Long.MAX_VALUE : due.firstKey().at();
  }

  /** Sends; the party hears what became of it. */
  Exchange ask(Asking asking, Party party) {
    var form = asking.form();
    var question = asking.question();
    var plain = question.name().toWire();
    var name = form.mixedCase() ? Query.mixed(plain, random) : plain;
    var exchange = new Exchange(next++, asking, party, random.nextInt(0x1_0000), name, stage.now());
    open.put(exchange.number, exchange);
    due.put(new Due(asking.deadline(), exchange.number), exchange);
    var message = Query.write(exchange.id, name, question, form, asking.cookie());
    if (asking.protection().isPresent()) {
      stage.act(
          new ResolveAction.SendSecure(
              exchange.number,
              asking.about(),
              asking.attempt(),
              asking.server(),
              asking.protection().get(),
              form.edns() ? Query.padded(message) : message));
      return exchange;
    }
    stage.act(
        form.stream()
            ? new ResolveAction.SendStream(
                exchange.number, asking.about(), asking.attempt(), asking.server(), message)
            : new ResolveAction.SendDatagram(
                exchange.number,
                asking.about(),
                asking.attempt(),
                asking.server(),
                FIRST_PORT + random.nextInt(PORTS),
                message));
    return exchange;
  }

  void datagram(long number, InetSocketAddress source, byte[] message) {
    var exchange = open.get(number);
    if (exchange == null || exchange.form().stream()) {
      return;
    }
    var stranger = stranger(exchange, source, message);
    if (stranger != null) {
      judged(exchange, source, false, stranger, message);
      if (++exchange.strangers >= MAX_STRANGERS) {
        end(exchange, new Outcome.Guessed());
      }
    } else if (exchange.form().mixedCase() && !sameCase(exchange, message)) {
      judged(exchange, source, false, "the name in another case than it was sent in", message);
      end(exchange, new Outcome.OtherCase());
    } else if (exchange.asking.expectsCookie() && !hasCookie()) {
      judged(exchange, source, false, "without the server's cookie (RFC 7873)", message);
      end(exchange, new Outcome.Guessed());
    } else if (view.isTruncated()) {
      judged(exchange, source, true, "cut (TC), asked again over TCP", message);
      end(exchange, new Outcome.Cut());
    } else {
      replied(exchange, message);
    }
  }

  void streamReply(long number, byte[] message) {
    var exchange = open.get(number);
    if (exchange == null || !exchange.form().stream()) {
      return;
    }
    var stranger = stranger(exchange, exchange.server(), message);
    if (stranger != null) {
      judged(exchange, exchange.server(), false, stranger, message);
      end(exchange, new Outcome.Broken(stranger));
    } else {
      replied(exchange, message);
    }
  }

  void failed(long number, String why) {
    var exchange = open.get(number);
    if (exchange != null) {
      end(exchange, new Outcome.Broken(why));
    }
  }

  /** Ends those whose deadline has come. */
  void onTime() {
    while (deadline() <= stage.now()) {
      var exchange = due.firstEntry().getValue();
      stage.act(
          new ResolveAction.Silent(
              exchange.asking.about(), exchange.server(), stage.now() - exchange.began));
      end(exchange, new Outcome.Silent());
    }
  }

  /** Nobody waits for it any more; its party hears nothing. */
  void cancel(Exchange exchange) {
    if (open.remove(exchange.number) != null) {
      due.remove(new Due(exchange.asking.deadline(), exchange.number));
      stage.act(new ResolveAction.Close(exchange.number));
    }
  }

  /** Tells what was thought of a reply, for trace and counters. */
  void judged(
      Exchange exchange, InetSocketAddress from, boolean accepted, String why, byte[] message) {
    stage.act(new ResolveAction.Judged(exchange.asking.about(), from, accepted, why, message));
  }

  private void replied(Exchange exchange, byte[] message) {
    boolean edns = view.hasOpt();
    int rcode = view.flags() & 0xF | (edns ? view.extendedRcode() << 4 : 0);
    var cookie = hasCookie() ? view.serverCookie() : NO_COOKIE;
    end(exchange, new Outcome.Replied(message, rcode, edns, cookie, sameCase(exchange, message)));
  }

  private boolean hasCookie() {
    return view.hasOpt() && view.hasCookie();
  }

  private void end(Exchange exchange, Outcome outcome) {
    cancel(exchange);
    exchange.party.heard(exchange, outcome);
  }

  private @Nullable String stranger(Exchange exchange, InetSocketAddress source, byte[] message) {
    if (!source.equals(exchange.server())) {
      return "from somebody else, ignored (RFC 5452 section 9.1)";
    }
    if (!view.read(ByteBuffer.wrap(message))) {
      return "malformed at " + view.malformed();
    }
    if (!view.isResponse() || view.id() != exchange.id) {
      return "another id, ignored (RFC 5452 section 9.1)";
    }
    var cookie = exchange.asking.cookie();
    if (cookie.length > 0
        && hasCookie()
        && view.clientCookie() != ByteBuffer.wrap(cookie).getLong()) {
      return "another cookie, ignored (RFC 7873 section 5.3)";
    }
    if (view.count(0) == 0 && (view.flags() & 0xF) == Rcode.FORMERR) {
      return null; // servers that did not understand may leave the question out
    }
    var question = exchange.asking.question();
    return view.asks(exchange.name, question.type(), question.dclass())
        ? null
        : "another question, ignored (RFC 5452 section 9.1)";
  }

  private boolean sameCase(Exchange exchange, byte[] message) {
    if (view.count(0) == 0) {
      return true;
    }
    int start = MessageView.HEADER;
    int end = start + exchange.name.length;
    return java.util.Arrays.equals(message, start, end, exchange.name, 0, exchange.name.length);
  }
}
