package dev.islet.dns.chain;

import dev.islet.core.time.TimeSource;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.Trace;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.Source;
import dev.islet.dns.model.Transport;
import dev.islet.dns.policy.RateLimit;
import dev.islet.dns.resolve.ResolveEvent;
import dev.islet.dns.transfer.TransferDesk;
import dev.islet.dns.update.UpdateEvent;
import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.wire.Tsig;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Function;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/**
 * Takes messages in and gives replies out. Safe for many threads, each with its own {@link
 * MessageView}.
 */
public final class Gate {
  private static final int OPCODE_QUERY = 0;
  private static final int OPCODE_NOTIFY = 4;
  private static final int OPCODE_UPDATE = 5;
  private static final int BADVERS = 16;
  private static final int BADCOOKIE = 23;

  private final Chain chain;
  private final Guard guard;
  private final Backstage backstage;
  private final TransferDesk desk;
  private final ResponseWriter writer;
  private final TimeSource time;
  private final Trace<DnsEvent> trace;
  private final Tally tally;

  public Gate(
      Chain chain,
      Guard guard,
      Backstage backstage,
      TransferDesk desk,
      ResponseWriter writer,
      TimeSource time,
      Trace<DnsEvent> trace,
      Tally tally) {
    this.chain = chain;
    this.guard = guard;
    this.backstage = backstage;
    this.desk = desk;
    this.writer = writer;
    this.time = time;
    this.trace = trace;
    this.tally = tally;
  }

  /**
   * Handles one message.
   *
   * @param view the calling thread's own
   * @param message from index 0 to its limit; only read, and not kept
   * @param local the address that was asked
   * @param later takes the reply if it is not ready now
   */
  public Handled handle(
      MessageView view,
      ByteBuffer message,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport,
      ReplyTo later) {
    tally.asked(transport);
    boolean good = view.read(message);
    if (view.hasHeader() && view.isResponse()) {
      var why = "a response where a request belongs";
      return reject("response", why, view, message, client, local, transport, -1);
    }
    if (!good) {
      int rcode = view.hasHeader() ? Rcode.FORMERR : -1;
      return reject(view, message, client, local, transport, rcode);
    }
    return switch (view.opcode()) {
      case OPCODE_QUERY -> query(view, message, client, local, transport, later);
      case OPCODE_NOTIFY -> notified(view, message, client, local, transport);
      case OPCODE_UPDATE -> update(view, message, client, local, transport, later);
      default -> {
        var why = "opcode " + view.opcode() + " is not served (RFC 1035 section 4.1.1)";
        yield reject("opcode", why, view, message, client, local, transport, Rcode.NOTIMP);
      }
    };
  }

  private Handled query(
      MessageView view,
      ByteBuffer message,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport,
      ReplyTo later) {
    if (view.count(0) != 1) {
      var why = view.count(0) + " questions where one belongs (RFC 9619)";
      return reject("questions", why, view, message, client, local, transport, Rcode.FORMERR);
    }
    boolean bare = view.count(2) == 0 || view.questionType() == Type.IXFR; // RFC 1995 section 3
    if (view.count(1) != 0 || !bare) {
      var why = "records before the additional section of a question";
      return reject("records", why, view, message, client, local, transport, Rcode.FORMERR);
    }
    long began = time.now();
    var request = request(view, client, local, transport);
    if (trace.on()) {
      var question = request.question();
      trace.emit(
          new DnsEvent.Asked(
              question.name().toString(),
              Type.string(question.type()),
              packet(copy(message), client, local, transport)));
    }
    if (request.edns().map(e -> e.version() > 0).orElse(false)) {
      var why = "an unknown version of EDNS (RFC 6891 section 6.1.3)";
      return weighed(request, Answer.of(BADVERS), Source.MESSAGE, why, began);
    }
    if (TransferDesk.isTransfer(request.question().type())) {
      return transfer(view.tsigAt(), copy(message), request, began);
    }
    if (view.tsigAt() >= 0) {
      return signed(view.tsigAt(), copy(message), request, began, later);
    }
    return switch (chain.decide(request, began)) {
      case Step.Said(var answer, var source, var why) ->
          weighed(request, answer, source, why, began);
      case Step.Drop(var why) -> dropped(message, request, why);
      case Step.Ask ask -> ask(request, ask, began, later);
    };
  }

  /** Answers, unless that would help somebody who forges source addresses. */
  private Handled weighed(Request request, Answer answer, Source source, String why, long began) {
    var verdict =
        request.proven()
            ? RateLimit.Verdict.SEND
            : guard.weigh(request.client().getAddress(), Guard.kind(answer));
    if (verdict == RateLimit.Verdict.SEND) {
      return new Handled.Reply(said(request, answer, source, why, began));
    }
    boolean slip = verdict == RateLimit.Verdict.SLIP;
    tally.rejected(slip ? "rate-slip" : "rate-drop");
    if (trace.on()) {
      var question = request.question();
      trace.emit(
          new DnsEvent.Limited(
              question.name().toString(), Type.string(question.type()), slip, request.client()));
    }
    if (!slip) {
      return new Handled.Silence();
    }
    boolean recursion = chain.rules().recursionFor(request.client().getAddress());
    boolean cookie = request.edns().flatMap(Request.Edns::cookie).isPresent();
    return new Handled.Reply(
        cookie // who has this one shows it next time, and needs no TCP (RFC 7873 section 5.2.3)
            ? writer.write(request, Answer.of(BADCOOKIE), recursion)
            : writer.writeCut(request, recursion));
  }

  /** A signed question: the reply is signed as well (RFC 8945 section 5.3). */
  private Handled signed(int tsigAt, byte[] message, Request request, long began, ReplyTo later) {
    var now = time.wall();
    switch (Tsig.check(message, tsigAt, chain.rules().keys(), now)) {
      case Tsig.Verdict.Unsigned() -> throw new IllegalStateException("no TSIG at " + tsigAt);
      case Tsig.Verdict.Unreadable(var why) -> {
        return weighed(request, Answer.of(Rcode.FORMERR), Source.MESSAGE, why, began);
      }
      case Tsig.Verdict.Bad bad -> {
        return new Handled.Reply(badlySigned(request, bad, now, began));
      }
      case Tsig.Verdict.Good good -> {
        return switch (chain.decide(request, began, Optional.of(good.key().name()))) {
          case Step.Said(var answer, var source, var why) ->
              new Handled.Reply(
                  Tsig.sign(said(shorter(request), answer, source, why, began), good, time.wall()));
          case Step.Drop(var why) -> dropped(ByteBuffer.wrap(message), request, why);
          case Step.Ask ask ->
              ask(
                  shorter(request),
                  ask,
                  began,
                  ReplyTo.of(
                      reply -> later.send(Tsig.sign(reply, good, time.wall())), later::nothing));
        };
      }
    }
  }

  private byte[] badlySigned(Request request, Tsig.Verdict.Bad bad, Instant now, long began) {
    var why = "TSIG error " + Rcode.TSIGstring(bad.error()) + " (RFC 8945 section 5.2)";
    return Tsig.signError(
        said(request, Answer.of(Rcode.NOTAUTH), Source.MESSAGE, why, began), bad, now);
  }

  /** A request for a whole zone; allow-query comes before the zone's own list. */
  private Handled transfer(int tsigAt, byte[] message, Request request, long began) {
    if (!chain.rules().query().allows(request.client().getAddress())
        || request.question().dclass() != DClass.IN) {
      var why = "the asker is in no network of allow-query, or the class is not IN";
      return weighed(request, Answer.of(Rcode.REFUSED), Source.ACL, why, began);
    }
    return checked(
        tsigAt, message, request, began, signer -> desk.answer(request, message, signer));
  }

  /** What another server says of a zone (RFC 1996). */
  private Handled notified(
      MessageView view,
      ByteBuffer message,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport) {
    if (view.count(0) != 1) {
      var why = view.count(0) + " questions in a NOTIFY (RFC 1996 section 3.7)";
      return reject("questions", why, view, message, client, local, transport, Rcode.FORMERR);
    }
    var request = request(view, client, local, transport);
    return checked(view.tsigAt(), copy(message), request, time.now(), s -> desk.notified(request));
  }

  /** Asks the desk, unless there is a signature that is not good; signs what it says. */
  private Handled checked(
      int tsigAt,
      byte[] message,
      Request request,
      long began,
      Function<Optional<Tsig.Verdict.Good>, TransferDesk.Reply> ask) {
    var now = time.wall();
    return switch (Tsig.check(message, tsigAt, chain.rules().keys(), now)) {
      case Tsig.Verdict.Unreadable(var why) ->
          weighed(request, Answer.of(Rcode.FORMERR), Source.MESSAGE, why, began);
      case Tsig.Verdict.Bad bad -> new Handled.Reply(badlySigned(request, bad, now, began));
      case Tsig.Verdict.Unsigned() ->
          switch (ask.apply(Optional.empty())) {
            case TransferDesk.Reply.Said(var answer, var why) ->
                weighed(request, answer, Source.ZONE, why, began);
            case TransferDesk.Reply.Sequence(var messages) -> sequence(request, messages, began);
          };
      case Tsig.Verdict.Good good ->
          switch (ask.apply(Optional.of(good))) {
            case TransferDesk.Reply.Said(var answer, var why) ->
                new Handled.Reply(
                    Tsig.sign(said(request, answer, Source.ZONE, why, began), good, time.wall()));
            case TransferDesk.Reply.Sequence(var messages) -> sequence(request, messages, began);
          };
    };
  }

  private Handled sequence(Request request, Iterator<byte[]> messages, long began) {
    tally.answered(Source.ZONE, Rcode.NOERROR, time.now() - began);
    return request.tcp() ? new Handled.Sequence(messages) : new Handled.Reply(messages.next());
  }

  /** Leaves room for the signature in a datagram. */
  private static Request shorter(Request request) {
    int room = 200;
    int size = request.edns().map(Request.Edns::udpSize).orElse(0);
    return request.withUdpSize(Math.min(size, ResponseWriter.UDP_SIZE) - room);
  }

  private Handled ask(Request request, Step.Ask ask, long began, ReplyTo later) {
    boolean taken =
        backstage.resolve(
            new ResolveEvent.Wanted(
                ask.inquiry(),
                answer -> {
                  switch (chain.answered(request, ask, answer, time.now())) {
                    case Step.Said(var said, var source, var why) -> {
                      if (weighed(request, said, source, why, began)
                          instanceof Handled.Reply(var reply)) {
                        later.send(reply);
                      }
                    }
                    case Step.Ask more -> ask(request, more, began, later);
                    case Step.Drop(var why) -> {
                      tally.rejected("dropped-by-policy");
                      later.nothing();
                    }
                  }
                }));
    if (!taken) {
      var busy = Answer.of(Rcode.SERVFAIL, ExtendedError.PROHIBITED, "too much is under way");
      later.send(said(request, busy, Source.FORWARD, "the queue is full", began));
    }
    return new Handled.Later();
  }

  private Handled dropped(ByteBuffer message, Request request, String why) {
    tally.rejected("dropped-by-policy");
    if (trace.on()) {
      trace.emit(
          new DnsEvent.Rejected(
              why,
              false,
              packet(copy(message), request.client(), request.local(), request.transport())));
    }
    return new Handled.Silence();
  }

  private Handled update(
      MessageView view,
      ByteBuffer message,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport,
      ReplyTo later) {
    if (!chain.rules().query().allows(client.getAddress())) {
      var why = "the sender is in no network of allow-query";
      return reject("access", why, view, message, client, local, transport, Rcode.REFUSED);
    }
    var arrived =
        new UpdateEvent.Arrived(
            copy(message),
            view.tsigAt(),
            view.questionEnd(),
            view.count(0),
            client,
            time.wall(),
            later);
    return backstage.update(arrived)
        ? new Handled.Later()
        : reject(
            "update-queue",
            "too many updates are under way",
            view,
            message,
            client,
            local,
            transport,
            Rcode.SERVFAIL);
  }

  private Request request(
      MessageView view, InetSocketAddress client, InetSocketAddress local, Transport transport) {
    var question = new Question(view.questionName(), view.questionType(), view.questionClass());
    var edns =
        view.hasOpt()
            ? Optional.of(
                new Request.Edns(
                    view.udpSize(),
                    view.ednsVersion(),
                    view.dnssecOk(),
                    view.nsidAsked(),
                    view.keepaliveAsked(),
                    view.paddingAsked(),
                    guard.cookie(view, client.getAddress())))
            : Optional.<Request.Edns>empty();
    return new Request(view.id(), view.flags(), question, edns, client, local, transport);
  }

  private byte[] said(Request request, Answer answer, Source source, String why, long began) {
    boolean recursion = chain.recursionFor(request.client().getAddress());
    var reply = writer.write(request, answer, recursion);
    tally.answered(source, answer.rcode(), time.now() - began);
    if (source == Source.CACHE) {
      chain.keep(request, answer, reply, began);
    }
    chain.rules().book().note(request, answer.rcode(), source);
    if (trace.on()) {
      var name = request.question().name().toString();
      var what =
          new DnsEvent.Reply(
              Type.string(request.question().type()),
              Rcode.string(answer.rcode()),
              answer.answer().stream().mapToInt(s -> s.size()).sum(),
              source,
              why,
              packet(reply, request.local(), request.client(), request.transport()));
      trace.emit(new DnsEvent.Answered(name, what, source == Source.CACHE));
    }
    return reply;
  }

  /** A message that is no DNS message, or none that is served. */
  private Handled reject(
      MessageView view,
      ByteBuffer message,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport,
      int rcode) {
    var fault = view.malformed();
    return reject(
        fault.reason().name(), fault.toString(), view, message, client, local, transport, rcode);
  }

  /**
   * Refuses by form. A response is never answered, or two servers could talk for ever.
   *
   * @param reason for the counter
   * @param why for people
   * @param rcode to answer with, or -1 for silence
   */
  private Handled reject(
      String reason,
      String why,
      MessageView view,
      ByteBuffer message,
      InetSocketAddress client,
      InetSocketAddress local,
      Transport transport,
      int rcode) {
    tally.rejected(reason);
    boolean answer =
        rcode >= 0
            && (transport.stream()
                || guard.weigh(client.getAddress(), RateLimit.Kind.ERROR)
                    == RateLimit.Verdict.SEND);
    if (trace.on()) {
      trace.emit(
          new DnsEvent.Rejected(why, answer, packet(copy(message), client, local, transport)));
    }
    return answer
        ? new Handled.Reply(ResponseWriter.headerOnly(view.id(), view.flags(), rcode))
        : new Handled.Silence();
  }

  private static Packet packet(
      byte[] bytes, InetSocketAddress from, InetSocketAddress to, Transport transport) {
    var layer = transport.stream() ? Packet.Transport.TCP : Packet.Transport.UDP;
    return new Packet(layer, from, to, bytes);
  }

  private static byte[] copy(ByteBuffer message) {
    var bytes = new byte[message.limit()];
    message.get(0, bytes);
    return bytes;
  }
}
