package dev.islet.voip.call;

import dev.islet.voip.model.CSeq;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.NameAddress;
import dev.islet.voip.model.Param;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.Via;
import dev.islet.voip.model.Vitals;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.Grammar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One side's view of a dialog (RFC 3261 §12): who speaks to whom, in which order, by which way. */
final class Dialog {
  private final String callId;
  private final NameAddress local;
  private final String user;
  private NameAddress remote;
  private long localSeq;
  private long remoteSeq;
  private String target;
  private List<NameAddress> routes;
  private Flow flow;

  private Dialog(
      String callId,
      NameAddress local,
      NameAddress remote,
      String user,
      long localSeq,
      long remoteSeq,
      String target,
      List<NameAddress> routes,
      Flow flow) {
    this.callId = callId;
    this.local = local;
    this.remote = remote;
    this.user = user;
    this.localSeq = localSeq;
    this.remoteSeq = remoteSeq;
    this.target = target;
    this.routes = routes;
    this.flow = flow;
  }

  /**
   * As the side that was asked (§12.1.1); empty if the INVITE lacks a usable Contact.
   *
   * @param user what our Contact shows as user
   */
  static Optional<Dialog> answering(SipRequest invite, String tag, String user, Flow from) {
    var contact = contact(invite);
    var routes = Grammar.addresses(invite.headers().values("Record-Route"));
    if (contact.isEmpty() || routes.isEmpty()) {
      return Optional.empty();
    }
    var vitals = invite.vitals();
    var flow = routes.get().isEmpty() ? Reach.of(contact.get(), from) : from;
    return Optional.of(
        new Dialog(
            vitals.callId(),
            vitals.to().withTag(tag),
            vitals.from(),
            user,
            0,
            vitals.cseq().number(),
            contact.get(),
            routes.get(),
            flow));
  }

  /** As the side that asks, before any answer (§12.1.2). */
  static Dialog asking(
      String callId, NameAddress local, NameAddress remote, String user, String target, Flow flow) {
    return new Dialog(callId, local, remote, user, 0, -1, target, List.of(), flow);
  }

  /** Takes the other side's tag, Contact and route from its 2xx. */
  void confirm(SipResponse response, Flow from) {
    remote = response.vitals().to();
    Grammar.addresses(response.headers().values("Record-Route"))
        .ifPresent(r -> routes = r.reversed());
    refresh(response, from);
  }

  /** Takes a new Contact (§12.2: target refresh). */
  void refresh(SipMessage message, Flow from) {
    contact(message)
        .ifPresent(
            contact -> {
              target = contact;
              if (routes.isEmpty()) {
                flow = Reach.of(contact, from);
              }
            });
  }

  /** The same dialog as another answerer of the same INVITE sees it: downstream forking. */
  Dialog fork(SipResponse response, Flow from) {
    var other = new Dialog(callId, local, remote, user, localSeq, -1, target, routes, flow);
    other.confirm(response, from);
    return other;
  }

  String callId() {
    return callId;
  }

  String localTag() {
    return local.tag().orElse("");
  }

  Optional<String> remoteTag() {
    return remote.tag();
  }

  Flow flow() {
    return flow;
  }

  /** Our Contact in this dialog. */
  SipHeader ownContact() {
    return new SipHeader("Contact", Reach.contact(flow, user));
  }

  /** Whether a request comes in order; takes note of its number (§12.2.2). */
  boolean accepts(SipRequest request) {
    long number = request.vitals().cseq().number();
    if (number <= remoteSeq) {
      return false;
    }
    remoteSeq = number;
    return true;
  }

  /** The next request of ours. */
  SipRequest request(String method, String branch, List<SipHeader> more, byte[] body) {
    localSeq++;
    return build(method, localSeq, branch, more, body);
  }

  /** The ACK of a 2xx: a request of its own, with the number of the INVITE (§13.2.2.4). */
  SipRequest ack(long number, String branch, List<SipHeader> more, byte[] body) {
    return build("ACK", number, branch, more, body);
  }

  private SipRequest build(
      String method, long number, String branch, List<SipHeader> more, byte[] body) {
    var via =
        new Via(
            flow.transport().name(),
            Reach.host(flow),
            flow.local().getPort(),
            List.of(
                new Param("branch", Optional.of(branch)), new Param("rport", Optional.empty())));
    var headers = new ArrayList<SipHeader>();
    var uri = target;
    if (!routes.isEmpty()) {
      var first = routes.getFirst();
      boolean loose = Grammar.uri(first.uri()).map(u -> Param.has(u.params(), "lr")).orElse(true);
      var rest = loose ? routes : routes.subList(1, routes.size());
      for (var route : rest) {
        headers.add(new SipHeader("Route", "<" + route.uri() + ">"));
      }
      if (!loose) {
        // §12.2.1.1: a strict router gets itself as Request-URI and the target as last Route.
        uri = first.uri();
        headers.add(new SipHeader("Route", "<" + target + ">"));
      }
    }
    headers.addAll(more);
    var vitals = new Vitals(via, new CSeq(number, method), callId, local, remote);
    return Compose.request(method, uri, vitals, headers, body);
  }

  private static Optional<String> contact(SipMessage message) {
    return Grammar.addresses(message.headers().values("Contact"))
        .filter(c -> c.size() == 1)
        .map(c -> c.getFirst().uri())
        .filter(u -> Grammar.uri(u).isPresent());
  }
}
