package dev.islet.voip.wire;

import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipHeaders;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.Vitals;
import java.util.ArrayList;
import java.util.List;

/** Makes messages from their parts. */
public final class Compose {
  /** No body. */
  public static final byte[] NO_BODY = new byte[0];

  private Compose() {}

  /**
   * The response to a request: Via, From, To, Call-ID and CSeq as they came (RFC 3261 §8.2.6.2).
   *
   * @param toTag set if the request's To has no tag; ignored for 100, which carries none
   */
  public static SipResponse response(
      SipRequest request,
      int status,
      String reason,
      String toTag,
      List<SipHeader> more,
      byte[] body) {
    var to = request.vitals().to();
    if (status != 100 && to.tag().isEmpty()) {
      to = to.withTag(toTag);
    }
    var fields = new ArrayList<SipHeader>(8 + more.size());
    for (var header : request.headers().all()) {
      switch (header.name()) {
        case "Via", "From", "Call-ID", "CSeq" -> fields.add(header);
        case "To" -> fields.add(new SipHeader("To", to.toString()));
        case "Record-Route" -> {
          if (status > 100 && status < 300) {
            fields.add(header); // RFC 3261 §12.1.1
          }
        }
        case "Timestamp" -> {
          if (status == 100) {
            fields.add(header); // RFC 3261 §8.2.6.1
          }
        }
        default -> {}
      }
    }
    fields.addAll(more);
    var old = request.vitals();
    var vitals = new Vitals(old.via(), old.cseq(), old.callId(), old.from(), to);
    return new SipResponse(status, reason, vitals, new SipHeaders(fields), body);
  }

  /** A response without body or further fields. */
  public static SipResponse response(SipRequest request, int status, String toTag) {
    return response(request, status, Reasons.of(status), toTag, List.of(), NO_BODY);
  }

  /**
   * A new request.
   *
   * @param vitals its five fields, the Via complete with branch
   * @param more what else it carries, in order
   */
  public static SipRequest request(
      String method, String uri, Vitals vitals, List<SipHeader> more, byte[] body) {
    var fields = new ArrayList<SipHeader>(6 + more.size());
    fields.add(new SipHeader("Via", vitals.via().toString()));
    fields.add(new SipHeader("Max-Forwards", "70"));
    fields.add(new SipHeader("From", vitals.from().toString()));
    fields.add(new SipHeader("To", vitals.to().toString()));
    fields.add(new SipHeader("Call-ID", vitals.callId()));
    fields.add(new SipHeader("CSeq", vitals.cseq().toString()));
    fields.addAll(more);
    return new SipRequest(method, uri, vitals, new SipHeaders(fields), body);
  }

  /** A request with its topmost Via replaced, for instance by one that tells the source. */
  public static SipRequest withVia(SipRequest request, dev.islet.voip.model.Via via) {
    var old = request.vitals();
    var first = request.headers().first("Via").orElseThrow();
    var rest = Grammar.split(first);
    var value =
        rest.size() == 1
            ? via.toString()
            : via + ", " + String.join(", ", rest.subList(1, rest.size()));
    return new SipRequest(
        request.method(),
        request.uri(),
        new Vitals(via, old.cseq(), old.callId(), old.from(), old.to()),
        request.headers().with("Via", value),
        request.body());
  }
}
