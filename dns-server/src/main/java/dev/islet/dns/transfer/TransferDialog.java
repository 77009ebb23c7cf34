package dev.islet.dns.transfer;

import dev.islet.dns.wire.MessageView;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.wire.TsigStream;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * What to say to a primary over TCP, and what to make of its answers: the SOA record first, then
 * IXFR from the serial that is held, and AXFR where nothing is held or the differences cannot be
 * used. Every message counts against the limits, and must be signed if there is a key.
 */
public final class TransferDialog {
  private final Name zone;
  private final byte[] origin;
  private final Optional<Zone> held;
  private final Optional<TsigKey> key;
  private final TransferLimits limits;
  private final RandomGenerator random;
  private int asked;
  private int id;
  private Optional<TsigStream> signatures = Optional.empty();
  private @Nullable Incoming incoming;
  private long bytes;
  private int records;

  /**
   * @param held the zone as it is here, if it is
   */
  public TransferDialog(
      Name zone,
      Optional<Zone> held,
      Optional<TsigKey> key,
      TransferLimits limits,
      RandomGenerator random) {
    this.zone = zone;
    this.origin = zone.toWire();
    this.held = held;
    this.key = key;
    this.limits = limits;
    this.random = random;
  }

  /** What to do next. */
  public sealed interface Step {
    /**
     * Send this.
     *
     * @param anew over another connection, since more may come on this one that is not wanted
     */
    record Ask(byte[] message, boolean anew) implements Step {}

    /** Wait for the next message. */
    record More() implements Step {}

    /** It is over. */
    record End(Outcome outcome) implements Step {}
  }

  /** The zone that this is about. */
  public Name zone() {
    return zone;
  }

  public TransferLimits limits() {
    return limits;
  }

  /** The first message to send. */
  public byte[] begin(Instant wall) {
    return ask(held.isPresent() ? Type.SOA : Type.AXFR, wall);
  }

  /** Takes the next message from the primary. */
  public Step on(byte[] message, Instant wall) {
    bytes += message.length;
    if (bytes > limits.bytes()) {
      return failed("more than " + limits.bytes() + " bytes");
    }
    var view = new MessageView();
    if (!view.read(ByteBuffer.wrap(message))) {
      return failed("a message is malformed: " + view.malformed());
    }
    boolean question = view.count(0) == 0 || view.asks(origin, asked, DClass.IN);
    if (!view.isResponse() || view.id() != id || view.opcode() != 0 || !question) {
      return failed("a message that is no answer to what was asked");
    }
    var wrong = signatures.flatMap(s -> s.check(message, view.tsigAt(), wall));
    if (wrong.isPresent()) {
      return failed(wrong.get());
    }
    int rcode = view.flags() & 0xF;
    if (rcode != Rcode.NOERROR || view.isTruncated()) {
      return asked == Type.IXFR
          ? new Step.Ask(ask(Type.AXFR, wall), false) // RFC 1995 section 4: it may not know IXFR
          : failed("the primary says " + Rcode.string(rcode) + " to " + Type.string(asked));
    }
    try {
      var reply = new Message(message);
      boolean authoritative = reply.getHeader().getFlag(Flags.AA);
      var answer = reply.getSection(Section.ANSWER);
      return asked == Type.SOA ? start(answer, authoritative, wall) : transfer(answer, wall);
    } catch (IOException | RuntimeException e) {
      // dnsjava checks some values only in constructors, which throw unchecked
      return failed("a record's data has not its type's form: " + e.getMessage());
    }
  }

  private Step start(java.util.List<Record> answer, boolean authoritative, Instant wall) {
    if (!authoritative
        || answer.size() != 1
        || !(answer.getFirst() instanceof SOARecord soa)
        || !soa.getName().equals(zone)) {
      return failed("the primary has no authority for the zone");
    }
    long ours = held.map(Zone::serial).orElseThrow();
    if (soa.getSerial() == ours) {
      return new Step.End(new Outcome.UpToDate());
    }
    return Serial.isAfter(soa.getSerial(), ours)
        ? new Step.Ask(ask(Type.IXFR, wall), false)
        : failed("the primary is behind, at serial " + soa.getSerial());
  }

  private Step transfer(java.util.List<Record> answer, Instant wall) {
    var zoneIn = incoming;
    if (zoneIn == null) {
      throw new IllegalStateException("records before a question");
    }
    if (answer.isEmpty()) {
      return failed("a message of a transfer without records");
    }
    Optional<Outcome> outcome = Optional.empty();
    try {
      for (var record : answer) {
        if (outcome.isPresent()) {
          return failed("records after the end of the transfer");
        }
        if (++records > limits.records()) {
          return failed("more than " + limits.records() + " records");
        }
        outcome = zoneIn.accept(record, bytes);
      }
    } catch (Incoming.Fault e) {
      return asked == Type.IXFR ? new Step.Ask(ask(Type.AXFR, wall), true) : failed(e.why());
    }
    if (outcome.isEmpty()) {
      return new Step.More();
    }
    return signatures.map(TsigStream::sealed).orElse(true)
        ? new Step.End(outcome.get())
        : failed("the last message is not signed (RFC 8945 section 5.3.1)");
  }

  private byte[] ask(int type, Instant wall) {
    asked = type;
    id = random.nextInt(1 << 16);
    incoming = new Incoming(zone, held, type == Type.IXFR);
    var query = new Message(id);
    query.addRecord(Record.newRecord(zone, type, DClass.IN), Section.QUESTION);
    if (type == Type.IXFR) {
      query.addRecord(Difference.soa(held.orElseThrow()), Section.AUTHORITY);
    }
    var plain = query.toWire();
    if (key.isEmpty()) {
      return plain;
    }
    var signed = TsigStream.ask(plain, key.get(), wall);
    signatures = Optional.of(signed.reply());
    return signed.message();
  }

  private static Step failed(String why) {
    return new Step.End(new Outcome.Failed(why));
  }
}
