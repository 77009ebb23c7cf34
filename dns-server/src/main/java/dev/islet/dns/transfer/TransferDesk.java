package dev.islet.dns.transfer;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Request;
import dev.islet.dns.policy.TransferPolicy;
import dev.islet.dns.wire.TransferWriter;
import dev.islet.dns.wire.Tsig;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneHolder;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Answers AXFR (RFC 5936) and IXFR (RFC 1995) from the zone as it is at that moment. Safe for many
 * threads; the records of a long transfer are made while its messages leave.
 */
public final class TransferDesk {
  private final ZoneHolder zones;
  private final History history;
  private final TimeSource time;
  private final TransferBook book;
  private volatile Map<Name, TransferPolicy> policies = Map.of();
  private volatile Map<Name, Set<InetAddress>> primaries = Map.of();
  private volatile Predicate<TransferEvent.Notified> engine = e -> false;

  public TransferDesk(ZoneHolder zones, History history, TimeSource time, TransferBook book) {
    this.zones = zones;
    this.history = history;
    this.time = time;
    this.book = book;
  }

  /** What is said to a request for a transfer. */
  public sealed interface Reply {
    /** One message without records. */
    record Said(Answer answer, String why) implements Reply {}

    /**
     * The transfer, signed if the request was; over UDP exactly one message. If it takes too long,
     * a {@link CancellationException} comes in place of the next message, and the connection is to
     * be closed: what was sent is no whole zone.
     */
    record Sequence(Iterator<byte[]> messages) implements Reply {}
  }

  /** Who may have which zone, from now on; nobody has those that are not named. */
  public void policies(Map<Name, TransferPolicy> next) {
    policies = Map.copyOf(next);
  }

  /** Who may say that a zone has changed; it is given to the engine. */
  public void primaries(Map<Name, Set<InetAddress>> next, Predicate<TransferEvent.Notified> takes) {
    primaries = Map.copyOf(next);
    engine = takes;
  }

  /** Whether a type of question belongs here. */
  public static boolean isTransfer(int type) {
    return type == Type.AXFR || type == Type.IXFR;
  }

  /**
   * Answers a request whose signature was found good, if it had one.
   *
   * @param message the request's bytes, for the SOA record of IXFR
   */
  public Reply answer(Request request, byte[] message, Optional<Tsig.Verdict.Good> signer) {
    var question = request.question();
    var origin = question.name();
    var zone = zones.now().at(origin);
    var policy = policies.getOrDefault(origin, TransferPolicy.CLOSED);
    var key = signer.map(s -> s.key().name());
    if (zone.isEmpty() && !policy.open()) {
      return refused(request, Rcode.NOTAUTH, ExtendedError.NOT_AUTHORITATIVE, "no zone of ours");
    }
    if (!policy.allows(request.client().getAddress(), key)) {
      var why = policy.open() ? "not allowed to have this zone" : "this zone is not given away";
      return refused(request, Rcode.REFUSED, ExtendedError.PROHIBITED, why);
    }
    if (zone.isEmpty()) {
      return refused(request, Rcode.SERVFAIL, ExtendedError.NOT_READY, "no good copy of the zone");
    }
    if (request.transport().encrypted()) {
      return refused(
          request, Rcode.NOTIMP, ExtendedError.NOT_SUPPORTED, "transfers are given over plain TCP");
    }
    if (question.type() == Type.AXFR) {
      return request.tcp()
          ? sequence(request, signer, zone.get(), "AXFR", whole(zone.get()))
          : refused(
              request, Rcode.FORMERR, ExtendedError.NOT_SUPPORTED, "AXFR is not for datagrams");
    }
    var held = serial(message, origin);
    if (held.isEmpty()) {
      return refused(
          request, Rcode.FORMERR, ExtendedError.OTHER, "no SOA record of the asker (RFC 1995 3)");
    }
    return incremental(request, signer, zone.get(), held.get());
  }

  /**
   * Answers a NOTIFY (RFC 1996 section 3). Its address may be forged: it can do no more than make
   * us ask the primary, once at a time.
   */
  public Reply notified(Request request) {
    var zone = request.question().name();
    var from = request.client();
    var known = primaries.get(zone);
    if (known == null) {
      return heard(request, Rcode.NOTAUTH, "no zone that comes from another server");
    }
    if (request.question().type() != Type.SOA) {
      return heard(request, Rcode.NOTIMP, "not about the SOA record (RFC 1996 section 3.7)");
    }
    if (!known.contains(from.getAddress())) {
      return heard(request, Rcode.REFUSED, "not one of its primaries (RFC 1996 section 3.10)");
    }
    return engine.test(new TransferEvent.Notified(zone, from.getAddress()))
        ? heard(request, Rcode.NOERROR, "its primary will be asked (RFC 1996 section 3.11)")
        : heard(request, Rcode.SERVFAIL, "too much is under way");
  }

  private Reply heard(Request request, int rcode, String why) {
    boolean taken = rcode == Rcode.NOERROR;
    book.tell(
        new DnsEvent.NotifyHeard(
            request.question().name().toString(), taken, why, request.client()));
    return new Reply.Said(taken ? Answer.of(List.of(), true) : Answer.of(rcode), why);
  }

  private Reply incremental(
      Request request, Optional<Tsig.Verdict.Good> signer, Zone zone, long held) {
    if (!Serial.isAfter(zone.serial(), held)) {
      return sequence(request, signer, zone, "IXFR up to date", start(zone));
    }
    var way = history.since(held, zone);
    var kind = way.isPresent() ? "IXFR" : "IXFR as AXFR";
    var records = way.map(w -> steps(zone, w)).orElseGet(() -> whole(zone));
    if (request.tcp()) {
      return sequence(request, signer, zone, kind, records);
    }
    // RFC 1995 section 2: what does not fit a datagram is the SOA alone, and the asker uses TCP.
    var writer = new TransferWriter(request, records.iterator(), signer, time::wall);
    try {
      var message = writer.next();
      if (!writer.hasNext()) {
        return told(request, zone, kind, writer, List.of(message).iterator());
      }
    } catch (IllegalStateException e) {
      return sequence(request, signer, zone, "IXFR too long for UDP", start(zone));
    }
    return sequence(request, signer, zone, "IXFR too long for UDP", start(zone));
  }

  private Reply sequence(
      Request request,
      Optional<Tsig.Verdict.Good> signer,
      Zone zone,
      String kind,
      Stream<Record> records) {
    var writer = new TransferWriter(request, records.iterator(), signer, time::wall);
    return told(request, zone, kind, writer, writer);
  }

  /** Tells of the transfer when its last message was taken, and ends it when its time is over. */
  private Reply told(
      Request request, Zone zone, String kind, TransferWriter writer, Iterator<byte[]> messages) {
    var longest = policies.getOrDefault(zone.origin(), TransferPolicy.CLOSED).longest();
    long end = time.now() + longest.toNanos();
    return new Reply.Sequence(
        new Iterator<>() {
          private int count;

          @Override
          public boolean hasNext() {
            return messages.hasNext();
          }

          @Override
          public byte[] next() {
            if (count > 0 && time.now() - end > 0) {
              var name = zone.origin().toString();
              book.tell(new DnsEvent.TransferCut(name, kind, writer.written(), request.client()));
              throw new CancellationException("the transfer of " + name + " takes too long");
            }
            var message = messages.next();
            count++;
            if (!messages.hasNext()) {
              book.tell(
                  new DnsEvent.ZoneSent(
                      zone.origin().toString(),
                      zone.serial(),
                      kind,
                      count,
                      writer.written(),
                      request.client()));
            }
            return message;
          }
        });
  }

  private Reply refused(Request request, int rcode, int error, String why) {
    book.tell(
        new DnsEvent.TransferRefused(
            request.question().name().toString(), Rcode.string(rcode), why, request.client()));
    return new Reply.Said(Answer.of(rcode, error, why), why + " (RFC 5936 section 5)");
  }

  private static Stream<Record> start(Zone zone) {
    return Stream.of(Difference.soa(zone));
  }

  /** RFC 5936 section 2.2: the SOA record first and last. */
  private static Stream<Record> whole(Zone zone) {
    var rest =
        zone.sets().filter(s -> s.type() != Type.SOA).flatMap(s -> Difference.records(s).stream());
    return Stream.of(start(zone), rest, start(zone)).flatMap(s -> s);
  }

  /** RFC 1995 section 4. */
  private static Stream<Record> steps(Zone zone, List<Difference> way) {
    var steps =
        way.stream()
            .flatMap(
                d ->
                    Stream.of(
                            Stream.of((Record) d.from()),
                            d.removed().stream(),
                            Stream.of((Record) d.to()),
                            d.added().stream())
                        .flatMap(s -> s));
    return Stream.of(start(zone), steps, start(zone)).flatMap(s -> s);
  }

  /** The serial that the asker of an IXFR has (RFC 1995 section 3). */
  private static Optional<Long> serial(byte[] message, Name origin) {
    try {
      var authority = new Message(message).getSection(Section.AUTHORITY);
      return authority.size() == 1
              && authority.getFirst() instanceof SOARecord soa
              && soa.getName().equals(origin)
          ? Optional.of(soa.getSerial())
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // dnsjava checks some values only in constructors, which throw unchecked
      return Optional.empty();
    }
  }
}
