package dev.islet.voip.call;

import dev.islet.voip.model.CallState;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.sdp.Sdp;
import dev.islet.voip.transaction.TimerValues;
import dev.islet.voip.transaction.TransactionUser.Arrival;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.Grammar;
import dev.islet.voip.wire.Reasons;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All calls: begins them, and brings what arrives within a dialog to its call. Not thread-safe. */
public final class Calls {
  private record Seat(Call call, Leg leg) {}

  private final Office office;
  private final Consumer<MediaSilence> silence;
  private final Map<String, Seat> seats = new HashMap<>();
  private final Map<String, Call> live = new HashMap<>();

  /**
   * @param silence takes the relay's word that a call is silent; called on the relay's thread
   */
  public Calls(Office office, Consumer<MediaSilence> silence) {
    this.office = office;
    this.silence = silence;
  }

  /** A call as it is shown. */
  public record Seen(
      String callId,
      String from,
      String to,
      CallState state,
      java.time.Instant begun,
      java.util.Optional<java.time.Instant> answered,
      java.util.Optional<dev.islet.voip.model.CallQuality> quality) {}

  /** How many calls are under way. */
  public int size() {
    return live.size();
  }

  /** Every call under way. */
  public List<Seen> seen() {
    return live.values().stream()
        .map(
            c ->
                new Seen(
                    c.callId(),
                    c.from(),
                    c.to(),
                    c.state(),
                    dev.islet.core.time.TimeSource.instant(c.begun()),
                    c.answeredAt() < 0
                        ? java.util.Optional.empty()
                        : java.util.Optional.of(
                            dev.islet.core.time.TimeSource.instant(c.answeredAt())),
                    c.quality()))
        .toList();
  }

  /**
   * A new INVITE whose sender has proved to be an extension.
   *
   * @param dialled the user part of the Request-URI
   */
  public void invite(long now, Arrival arrival, String from, String dialled) {
    var request = arrival.request();
    var accepted = office.transactions().accept(arrival);
    if (accepted.isEmpty()) {
      office.transactions().stateless(arrival, unavailable(request));
      return;
    }
    var tx = accepted.get();
    tx.respond(now, Compose.response(request, 100, ""));
    var tag = office.tokens().tag();
    var refused = refusal(request, from);
    if (refused != null) {
      tx.respond(
          now,
          Compose.response(
              request,
              refused.status(),
              refused.reason(),
              tag,
              refused.headers(),
              Compose.NO_BODY));
      return;
    }
    var dialog = Dialog.answering(request, tag, safeUser(dialled), arrival.from());
    if (dialog.isEmpty()) {
      tx.respond(
          now, Compose.response(request, 400, "Contact Missing", tag, List.of(), Compose.NO_BODY));
      return;
    }
    var leg = new Leg(office, MediaLeg.A, dialog.get(), from);
    var id = office.tokens().callId();
    var call = new Call(office, this, id, dialled, request, tx, leg, now);
    live.put(id, call);
    index(leg, call);
    tx.watch(call);
    call.begin(
        now, new IncomingCall(request.vitals().callId(), from, dialled, arrival.from().remote()));
  }

  /** Where a call is to go. */
  public void routed(long now, String id, Routing routing) {
    var call = live.get(id);
    if (call != null) {
      call.routed(now, routing);
    }
  }

  /** A request with a To tag; false if there is no such dialog. */
  public boolean request(long now, Arrival arrival) {
    var request = arrival.request();
    var seat = seat(request);
    if (seat == null) {
      return false;
    }
    if (!seat.leg().dialog().accepts(request)) {
      office
          .transactions()
          .stateless(
              arrival,
              Compose.response(request, 500, "CSeq Out Of Order", "", List.of(), Compose.NO_BODY));
      return true;
    }
    var accepted = office.transactions().accept(arrival);
    if (accepted.isEmpty()) {
      office.transactions().stateless(arrival, unavailable(request));
      return true;
    }
    seat.call().request(now, seat.leg(), request, accepted.get(), arrival.from());
    return true;
  }

  /** The ACK of a 2xx. */
  public void ack(long now, SipRequest ack) {
    var seat = seat(ack);
    if (seat != null) {
      seat.leg().acked(now, ack);
    }
  }

  /** The relay heard nothing of a call for too long. */
  public void silent(long now, String id) {
    var call = live.get(id);
    if (call != null) {
      call.end(now, "no media from either phone", null);
    }
  }

  /** Ends every call, for instance because the server stops. */
  public void endAll(long now, String why) {
    for (var call : List.copyOf(live.values())) {
      if (call.state() == CallState.TALKING) {
        call.end(now, why, null);
      } else {
        call.turnAway(now, why);
      }
    }
  }

  void silent(MediaSilence told) {
    silence.accept(told);
  }

  void index(Leg leg, Call call) {
    seats.put(key(leg.dialog().callId(), leg.dialog().localTag()), new Seat(call, leg));
  }

  /** Keeps the dialogs a little longer, so that a BYE that crossed ours is answered well. */
  void ended(long now, Call call, Leg a, @Nullable Leg b) {
    live.remove(call.id());
    office
        .timers()
        .at(
            now + 2 * TimerValues.GIVE_UP,
            at -> {
              seats.remove(key(a.dialog().callId(), a.dialog().localTag()));
              if (b != null) {
                seats.remove(key(b.dialog().callId(), b.dialog().localTag()));
              }
            });
  }

  private @Nullable Seat seat(SipRequest request) {
    var vitals = request.vitals();
    var seat = seats.get(key(vitals.callId(), vitals.to().tag().orElse("")));
    // The other side's tag must fit too, or a guess at ours would be enough (RFC 3261 §12.2.2).
    return seat != null && seat.leg().dialog().remoteTag().equals(vitals.from().tag())
        ? seat
        : null;
  }

  private static String key(String callId, String tag) {
    return callId + ' ' + tag;
  }

  private record Refusal(int status, String reason, List<SipHeader> headers) {}

  private @Nullable Refusal refusal(SipRequest request, String from) {
    var rules = office.rules();
    var required = Grammar.tokens(request.headers().values("Require"));
    if (!required.isEmpty()) {
      return new Refusal(
          420, Reasons.of(420), List.of(new SipHeader("Unsupported", String.join(", ", required))));
    }
    if (request.body().length > 0
        && (!Carry.isSdp(request) || request.headers().has("Content-Encoding"))) {
      return new Refusal(415, Reasons.of(415), List.of(new SipHeader("Accept", "application/sdp")));
    }
    if (request.body().length > 0 && Sdp.parse(request.body()).sdp().isEmpty()) {
      return new Refusal(488, Reasons.of(488), List.of());
    }
    if (live.size() >= rules.max()) {
      return new Refusal(503, "Too Many Calls", List.of());
    }
    if (begunBy(live.values(), from) >= rules.perExtension()) {
      return new Refusal(403, "Too Many Calls Of This Extension", List.of());
    }
    return null;
  }

  private static long begunBy(Collection<Call> calls, String from) {
    return calls.stream().filter(c -> c.from().equals(from)).count();
  }

  private static String safeUser(String dialled) {
    return dialled.matches("[A-Za-z0-9.+*_-]{1,64}") ? dialled : "call";
  }

  private static dev.islet.voip.model.SipResponse unavailable(SipRequest request) {
    return Compose.response(
        request,
        503,
        Reasons.of(503),
        "busy",
        List.of(new SipHeader("Retry-After", "5")),
        Compose.NO_BODY);
  }
}
