package dev.islet.voip.call;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.sdp.Sdp;
import dev.islet.voip.transaction.ClientTransaction;
import dev.islet.voip.transaction.ServerTransaction;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.Reasons;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request within a call, asked of the other phone: a re-INVITE that holds or moves media, an
 * UPDATE, an INFO with a key press, a MESSAGE.
 *
 * <p>Descriptions are rewritten on the way, and only take effect at the relay when the other phone
 * has agreed (RFC 3264 §8).
 */
final class Passage implements ClientTransaction.Watcher {
  private final Office office;
  private final Call call;
  private final MediaPlan media;
  private final Leg from;
  private final Leg to;
  private final ServerTransaction asked;
  private final SipRequest request;
  private final boolean invite;
  private @Nullable Sdp offered;
  private @Nullable ClientTransaction asking;

  Passage(
      Office office,
      Call call,
      MediaPlan media,
      Leg from,
      Leg to,
      ServerTransaction asked,
      SipRequest request) {
    this.office = office;
    this.call = call;
    this.media = media;
    this.from = from;
    this.to = to;
    this.asked = asked;
    this.request = request;
    this.invite = request.method().equals("INVITE");
  }

  void begin(long now) {
    var body = media.rewrite(request, to.side(), to.dialog().flow());
    if (body.isEmpty()) {
      asked.respond(now, Compose.response(request, 488, ""));
      return;
    }
    offered = body.get().original();
    var headers = new java.util.ArrayList<SipHeader>();
    if (invite || request.method().equals("UPDATE")) {
      headers.add(to.dialog().ownContact());
      headers.add(Carry.ALLOW);
    }
    headers.add(Carry.AGENT);
    headers.addAll(Carry.over(request));
    var onward =
        to.dialog().request(request.method(), office.tokens().branch(), headers, body.get().body());
    if (invite) {
      asked.respond(now, Compose.response(request, 100, ""));
      asked.watch(this::cancelled);
      from.asking(true);
      to.asked(true);
    }
    asking = office.transactions().begin(now, onward, to.dialog().flow(), this);
  }

  private void cancelled(long now) {
    // The other phone's 487 will come, or its 200 if the two crossed.
    if (asking != null) {
      asking.cancel(now);
    }
  }

  @Override
  public void answered(long now, SipResponse response, Flow by) {
    if (!response.isFinal()) {
      if (invite && response.status() > 100) {
        answer(now, response.status(), response.reason(), List.of(), Compose.NO_BODY);
      }
      return;
    }
    if (asked.state() != ServerTransaction.State.PROCEEDING) {
      if (invite && response.isSuccess()) {
        to.acknowledgeAgain(response.vitals().cseq().number());
      }
      return;
    }
    settle();
    if (response.isSuccess()) {
      success(now, response, by);
      return;
    }
    int status =
        switch (response.status()) {
          case 401, 407 -> 403;
          default -> response.status() < 400 ? 480 : response.status();
        };
    answer(now, status, Reasons.of(status), Carry.over(response), Compose.NO_BODY);
    if (response.status() == 481 || response.status() == 408) {
      call.end(now, to.extension() + " no longer knows the call (RFC 3261 §12.2.1.2)", to);
    }
  }

  @Override
  public void failed(long now, ClientTransaction.Failure why) {
    settle();
    answer(now, 408, Reasons.of(408), List.of(), Compose.NO_BODY);
    call.end(now, to.extension() + " no longer answers", to);
  }

  private void settle() {
    from.asking(false);
    to.asked(false);
  }

  private void success(long now, SipResponse response, Flow by) {
    long number = response.vitals().cseq().number();
    if (invite) {
      to.dialog().refresh(response, by);
    }
    var body = media.rewrite(response, from.side(), from.dialog().flow());
    if (body.isEmpty()) {
      if (invite) {
        to.acknowledge(number, List.of(Carry.AGENT), Compose.NO_BODY);
      }
      answer(now, 488, Reasons.of(488), List.of(), Compose.NO_BODY);
      return;
    }
    media.expect(from.side(), offered);
    media.expect(to.side(), body.get().original());
    var headers = new java.util.ArrayList<SipHeader>();
    if (invite || request.method().equals("UPDATE")) {
      headers.add(from.dialog().ownContact());
    }
    headers.addAll(Carry.over(response));
    boolean withOffer = offered != null;
    if (invite && withOffer) {
      to.acknowledge(number, List.of(Carry.AGENT), Compose.NO_BODY);
    }
    answer(now, response.status(), response.reason(), headers, body.get().body());
    if (invite) {
      from.awaitAck(now, asked, request.vitals().cseq().number(), ackFor(number, withOffer));
    }
  }

  private Leg.AckWatcher ackFor(long number, boolean withOffer) {
    return new Leg.AckWatcher() {
      @Override
      public void acked(long now, SipRequest ack) {
        if (!withOffer) {
          // An offerless INVITE: the answer comes with the ACK (RFC 3264 §4, RFC 3261 §13.2.1).
          call.passAnswer(ack, from, to, number);
        }
      }

      @Override
      public void missing(long now) {
        call.end(now, "no ACK from " + from.extension() + " (RFC 3261 §13.3.1.4)", null);
      }
    };
  }

  private void answer(long now, int status, String reason, List<SipHeader> headers, byte[] body) {
    asked.respond(
        now, Compose.response(request, status, reason, from.dialog().localTag(), headers, body));
  }
}
