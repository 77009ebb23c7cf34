package dev.islet.voip.transport.sip;

import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.wire.Parsed;
import dev.islet.voip.wire.SipParser;
import gov.nist.javax.sip.header.CSeq;
import gov.nist.javax.sip.header.CallID;
import gov.nist.javax.sip.header.Contact;
import gov.nist.javax.sip.header.ContentLength;
import gov.nist.javax.sip.header.ContentType;
import gov.nist.javax.sip.header.From;
import gov.nist.javax.sip.header.MaxForwards;
import gov.nist.javax.sip.header.RecordRoute;
import gov.nist.javax.sip.header.RequestLine;
import gov.nist.javax.sip.header.Route;
import gov.nist.javax.sip.header.StatusLine;
import gov.nist.javax.sip.header.To;
import gov.nist.javax.sip.header.Via;
import gov.nist.javax.sip.parser.ParseExceptionListener;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.text.ParseException;
import java.util.Optional;
import java.util.Set;

/**
 * Bytes to messages. Two parsers share the work: our own reads every message in one pass, and the
 * full parser of the JAIN-SIP reference implementation must also agree with each message that
 * begins or changes a call, before it reaches the call logic. REGISTER, OPTIONS, what only ends or
 * acknowledges, and what is refused anyway pass on the first alone, which is several times faster;
 * docs/adr/0002 tells why.
 */
public final class SipCodec {
  private static final Set<String> CHECKED = Set.of("INVITE", "UPDATE", "INFO", "MESSAGE");

  /** Faults in other fields are no reason to refuse a call: nothing here is decided by them. */
  private static final Set<Class<?>> DECISIVE =
      Set.of(
          From.class,
          To.class,
          Via.class,
          CSeq.class,
          CallID.class,
          Contact.class,
          MaxForwards.class,
          Route.class,
          RecordRoute.class,
          ContentType.class,
          ContentLength.class,
          RequestLine.class,
          StatusLine.class);

  private static final ParseExceptionListener LISTENER =
      (fault, message, type, text, whole) -> {
        if (DECISIVE.contains(type)) {
          throw fault;
        }
      };

  private final SipParser parser;

  /**
   * @param maxHeaders how many header fields a message may have
   */
  public SipCodec(int maxHeaders) {
    this.parser = new SipParser(maxHeaders);
  }

  /** Reads a datagram. */
  public Parsed datagram(byte[] bytes) {
    return checked(parser.datagram(bytes), bytes);
  }

  /** Reads a message cut out of a stream. */
  public Parsed framed(byte[] bytes) {
    return checked(parser.framed(bytes), bytes);
  }

  private static Parsed checked(Parsed parsed, byte[] bytes) {
    if (!(parsed instanceof Parsed.Good(var message))) {
      return parsed;
    }
    boolean decisive =
        switch (message) {
          case SipRequest request -> CHECKED.contains(request.method());
          case SipResponse response ->
              response.status() > 100 && CHECKED.contains(response.vitals().cseq().method());
        };
    if (!decisive) {
      return parsed;
    }
    try {
      // Its parser keeps state between headers: one a message.
      var agreed = new StringMsgParser().parseSIPMessage(bytes, false, false, LISTENER);
      if (agreed != null) {
        return parsed;
      }
      return refused(message instanceof SipRequest r ? Optional.of(r) : Optional.empty(), "");
    } catch (ParseException | RuntimeException e) {
      return refused(
          message instanceof SipRequest r ? Optional.of(r) : Optional.empty(),
          String.valueOf(e.getMessage()));
    }
  }

  private static Parsed refused(Optional<SipRequest> request, String why) {
    var line = why.lines().findFirst().orElse("");
    var shortened = line.length() > 60 ? line.substring(0, 60) : line;
    return new Parsed.Malformed(0, "faulty header field " + shortened, 400, request);
  }
}
