package dev.islet.voip.call;

import dev.islet.core.time.TimeSource;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.CallState;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.NameAddress;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.sdp.Sdp;
import dev.islet.voip.transaction.ServerTransaction;
import dev.islet.voip.transaction.Timers;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.Reasons;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One call, from its INVITE until both phones were told of its end. */
final class Call implements Ringing.Watcher, ServerTransaction.Watcher {
  private static final long ROUTING_NANOS = 10_000_000_000L;

  private final Office office;
  private final Calls calls;
  private final String id;
  private final String to;
  private final SipRequest invite;
  private final ServerTransaction asked;
  private final Leg a;
  private final long begun;
  private CallState state = CallState.ROUTING;
  private @Nullable Leg b;
  private @Nullable MediaPlan media;
  private @Nullable Ringing ringing;
  private @Nullable Sdp offered;
  private @Nullable Presence presence;
  private Timers.@Nullable Timer limit;
  private long answeredAt = -1;

  Call(
      Office office,
      Calls calls,
      String id,
      String to,
      SipRequest invite,
      ServerTransaction asked,
      Leg a,
      long begun) {
    this.office = office;
    this.calls = calls;
    this.id = id;
    this.to = to;
    this.invite = invite;
    this.asked = asked;
    this.a = a;
    this.begun = begun;
  }

  String id() {
    return id;
  }

  String callId() {
    return invite.vitals().callId();
  }

  String from() {
    return a.extension();
  }

  String to() {
    return to;
  }

  CallState state() {
    return state;
  }

  long begun() {
    return begun;
  }

  long answeredAt() {
    return answeredAt;
  }

  Optional<CallQuality> quality() {
    return Optional.ofNullable(media).map(MediaPlan::snapshot);
  }

  /** Asks where to go; without an answer in time the call fails. */
  void begin(long now, IncomingCall incoming) {
    limit =
        office
            .timers()
            .at(
                now + ROUTING_NANOS,
                at -> {
                  if (state == CallState.ROUTING) {
                    refuse(at, 500, "the routing did not decide in time");
                  }
                });
    office.askRouting(now, id, incoming);
  }

  void routed(long now, Routing routing) {
    if (state != CallState.ROUTING) {
      return;
    }
    cancelLimit();
    switch (routing) {
      case Routing.Reject(int code) -> refuse(now, code, "turned down by the routing");
      case Routing.Ring(var extension, var timeout) -> {
        if (!office.knows(extension)) {
          refuse(now, 404, "there is no extension " + extension);
          return;
        }
        var reach = office.reach(extension);
        if (reach.isEmpty()) {
          refuse(now, 480, "no phone of " + extension + " is registered");
          return;
        }
        ring(now, extension, reach, timeout.toNanos());
      }
    }
  }

  private void ring(long now, String extension, List<Binding> reach, long timeout) {
    var plan =
        MediaPlan.open(office.relay(), id, a.dialog().flow(), reach, calls::silent).orElse(null);
    if (plan == null) {
      refuse(now, 503, "no RTP ports are free");
      return;
    }
    media = plan;
    var phones = new Ringing(this);
    ringing = phones;
    var begin = new ArrayList<Runnable>();
    for (var binding : reach) {
      var flow = Reach.of(binding);
      var body = plan.rewrite(invite, MediaLeg.B, flow);
      if (body.isEmpty()) {
        refuse(now, 488, "the offer cannot be read");
        return;
      }
      offered = body.get().original();
      var dialog =
          Dialog.asking(
              office.tokens().callId(),
              shownCaller(),
              called(extension),
              from(),
              binding.contact(),
              flow);
      var branch = new Branch(office, phones, binding, dialog);
      phones.add(branch);
      begin.add(() -> branch.begin(now, onward(dialog), body.get().body()));
    }
    plan.expect(MediaLeg.A, offered);
    become(CallState.RINGING, phones.size() + " phone(s) of " + extension + " ring");
    limit = office.timers().at(now + timeout, this::unanswered);
    begin.forEach(Runnable::run);
  }

  private NameAddress shownCaller() {
    var name = office.nameOf(from());
    var display = name.isEmpty() ? "" : "\"" + name.replaceAll("[\"\\\\\r\n]", "") + "\"";
    var address =
        new NameAddress(display, "sip:" + from() + "@" + office.rules().domain(), List.of());
    return address.withTag(office.tokens().tag());
  }

  private NameAddress called(String extension) {
    return new NameAddress("", "sip:" + extension + "@" + office.rules().domain(), List.of());
  }

  private List<SipHeader> onward(Dialog dialog) {
    var headers = new ArrayList<SipHeader>();
    headers.add(dialog.ownContact());
    headers.add(Carry.ALLOW);
    headers.add(Carry.AGENT);
    headers.addAll(Carry.over(invite));
    return headers;
  }

  @Override
  public void early(long now, Branch branch, SipResponse response) {
    if (state != CallState.RINGING || media == null || ringing == null) {
      return;
    }
    var body = Compose.NO_BODY;
    var headers = new ArrayList<SipHeader>();
    headers.add(a.dialog().ownContact());
    if (Carry.isSdp(response) && ringing.mayBeHeard(branch)) {
      var rewritten = media.rewrite(response, MediaLeg.A, a.dialog().flow());
      if (rewritten.isPresent()) {
        body = rewritten.get().body();
        media.expect(MediaLeg.B, rewritten.get().original());
        headers.add(new SipHeader("Content-Type", "application/sdp"));
      }
    }
    answer(now, response.status(), response.reason(), headers, body);
  }

  @Override
  public void won(long now, Branch branch, SipResponse response, Flow from) {
    var plan = media;
    if (plan == null || state != CallState.RINGING) {
      return;
    }
    cancelLimit();
    var leg = branch.won(response, from, branch.binding().extension());
    b = leg;
    calls.index(leg, this);
    long number = response.vitals().cseq().number();
    var body = plan.rewrite(response, MediaLeg.A, a.dialog().flow());
    boolean withOffer = offered != null;
    if (body.isEmpty() || body.get().original() == null) {
      leg.acknowledge(number, List.of(Carry.AGENT), Compose.NO_BODY);
      answer(now, 488, Reasons.of(488), List.of(), Compose.NO_BODY);
      finish(now, 488, "the answer of " + leg.extension() + " has no usable description", null);
      return;
    }
    plan.expect(MediaLeg.B, body.get().original());
    if (withOffer) {
      leg.acknowledge(number, List.of(Carry.AGENT), Compose.NO_BODY);
    }
    var headers = new ArrayList<SipHeader>();
    headers.add(a.dialog().ownContact());
    headers.add(Carry.ALLOW);
    headers.addAll(Carry.over(response));
    answer(now, 200, "OK", headers, body.get().body());
    answeredAt = now;
    plan.answered();
    become(CallState.TALKING, leg.extension() + " answered");
    a.awaitAck(now, asked, invite.vitals().cseq().number(), firstAck(number, withOffer));
    limit = office.timers().at(now + office.rules().longest(), this::tooLong);
    if (office.rules().check() > 0) {
      presence = new Presence(office, this, a, leg);
      presence.begin(now);
    }
  }

  private Leg.AckWatcher firstAck(long number, boolean withOffer) {
    return new Leg.AckWatcher() {
      @Override
      public void acked(long now, SipRequest ack) {
        if (!withOffer && b != null) {
          passAnswer(ack, a, b, number);
        }
      }

      @Override
      public void missing(long now) {
        end(now, "no ACK from " + from() + " (RFC 3261 §13.3.1.4)", null);
      }
    };
  }

  /** Hands the answer in an ACK on to the phone whose 2xx made the offer. */
  void passAnswer(SipRequest ack, Leg from, Leg to, long number) {
    var plan = media;
    if (plan == null) {
      return;
    }
    var body = plan.rewrite(ack, to.side(), to.dialog().flow());
    body.ifPresent(r -> plan.expect(from.side(), r.original()));
    to.acknowledge(
        number, Carry.over(ack), body.map(MediaPlan.Rewritten::body).orElse(Compose.NO_BODY));
  }

  @Override
  public void lost(long now, int status, Optional<SipResponse> best) {
    if (state == CallState.RINGING) {
      cancelLimit();
      var reason = best.map(SipResponse::reason).orElse(Reasons.of(status));
      answer(now, status, reason, best.map(Carry::over).orElse(List.of()), Compose.NO_BODY);
      finish(now, status, reason, null);
    }
  }

  @Override
  public void cancelled(long now) {
    if (state == CallState.ROUTING || state == CallState.RINGING) {
      refuse(now, 487, "the caller gave up (RFC 3261 §9.2)");
    }
  }

  private void unanswered(long now) {
    if (state == CallState.RINGING) {
      refuse(now, 480, "nobody answered in time");
    }
  }

  /** Ends a call that is not answered yet, because the server stops. */
  void turnAway(long now, String why) {
    if (state == CallState.ROUTING || state == CallState.RINGING) {
      refuse(now, 503, why);
    }
  }

  private void tooLong(long now) {
    end(now, "the call reached the longest time allowed", null);
  }

  /** Ends a call that was not answered. */
  private void refuse(long now, int status, String why) {
    cancelLimit();
    if (ringing != null) {
      ringing.cancel(now);
    }
    answer(now, status, Reasons.of(status), List.of(), Compose.NO_BODY);
    finish(now, status, why, null);
  }

  /** A request of one phone within the dialog. */
  void request(long now, Leg leg, SipRequest request, ServerTransaction tx, Flow from) {
    if (request.method().equals("BYE")) {
      tx.respond(now, Compose.response(request, 200, leg.dialog().localTag()));
      leg.left();
      hungUp(now, leg);
      return;
    }
    var other = leg == a ? b : a;
    if (state != CallState.TALKING || other == null || media == null) {
      int status = state == CallState.ENDED ? 481 : 500;
      tx.respond(now, Compose.response(request, status, leg.dialog().localTag()));
      return;
    }
    switch (request.method()) {
      case "INVITE", "UPDATE" -> {
        if (leg.asked() || other.asking()) {
          tx.respond(now, Compose.response(request, 491, ""));
        } else if (leg.asking()) {
          var retry = new SipHeader("Retry-After", Integer.toString(office.tokens().pause()));
          tx.respond(
              now,
              Compose.response(request, 500, Reasons.of(500), "", List.of(retry), new byte[0]));
        } else {
          leg.dialog().refresh(request, from);
          new Passage(office, this, media, leg, other, tx, request).begin(now);
        }
      }
      case "INFO", "MESSAGE" ->
          new Passage(office, this, media, leg, other, tx, request).begin(now);
      case "OPTIONS" ->
          tx.respond(
              now, Compose.response(request, 200, "OK", "", List.of(Carry.ALLOW), Compose.NO_BODY));
      default ->
          tx.respond(
              now,
              Compose.response(
                  request, 405, Reasons.of(405), "", List.of(Carry.ALLOW), Compose.NO_BODY));
    }
  }

  private void hungUp(long now, Leg leg) {
    if (state == CallState.ROUTING || state == CallState.RINGING) {
      refuse(now, 487, "the caller ended it before an answer");
    } else {
      end(now, (leg == a ? "caller" : "callee") + " hung up", leg);
    }
  }

  /** Ends an answered call: tells both phones but the one that is gone. */
  void end(long now, String why, @Nullable Leg gone) {
    if (state == CallState.TALKING) {
      finish(now, 200, why, gone);
    }
  }

  private void finish(long now, int status, String why, @Nullable Leg gone) {
    cancelLimit();
    if (presence != null) {
      presence.end();
    }
    if (gone != null) {
      gone.left();
    }
    if (answeredAt >= 0) {
      a.bye(now);
    }
    if (b != null) {
      b.bye(now);
    }
    var quality = Optional.ofNullable(media).map(MediaPlan::end);
    become(CallState.ENDED, why);
    var answered =
        answeredAt < 0
            ? Optional.<java.time.Instant>empty()
            : Optional.of(TimeSource.instant(answeredAt));
    office.keep(
        new CallRecord(
            callId(),
            from(),
            to,
            TimeSource.instant(begun),
            answered,
            TimeSource.instant(now),
            status,
            why,
            quality));
    calls.ended(now, this, a, b);
  }

  private void answer(long now, int status, String reason, List<SipHeader> headers, byte[] body) {
    asked.respond(
        now, Compose.response(invite, status, reason, a.dialog().localTag(), headers, body));
  }

  private void become(CallState next, String why) {
    state = next;
    office.tell(new VoipEvent.CallChanged(callId(), from(), to, next, why));
  }

  private void cancelLimit() {
    if (limit != null) {
      limit.cancel();
      limit = null;
    }
  }
}
