package dev.islet.voip.call;

import dev.islet.voip.model.Binding;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.transaction.ClientTransaction;
import dev.islet.voip.wire.Compose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One phone that is being rung: an INVITE of ours and what is heard of it. */
final class Branch implements ClientTransaction.Watcher {
  private final Office office;
  private final Ringing ringing;
  private final Binding binding;
  private final Dialog dialog;
  private @Nullable ClientTransaction transaction;
  private @Nullable Leg leg;
  private boolean done;

  Branch(Office office, Ringing ringing, Binding binding, Dialog dialog) {
    this.office = office;
    this.ringing = ringing;
    this.binding = binding;
    this.dialog = dialog;
  }

  Binding binding() {
    return binding;
  }

  Dialog dialog() {
    return dialog;
  }

  /** Whether nothing more is to be expected of it. */
  boolean done() {
    return done;
  }

  void begin(long now, List<SipHeader> headers, byte[] body) {
    var invite = dialog.request("INVITE", office.tokens().branch(), headers, body);
    transaction = office.transactions().begin(now, invite, dialog.flow(), this);
  }

  void cancel(long now) {
    if (!done && transaction != null) {
      transaction.cancel(now);
    }
  }

  /** Makes this the phone that has the call. */
  Leg won(SipResponse response, Flow from, String extension) {
    dialog.confirm(response, from);
    var made = new Leg(office, dev.islet.voip.model.MediaLeg.B, dialog, extension);
    leg = made;
    return made;
  }

  @Override
  public void answered(long now, SipResponse response, Flow from) {
    if (!response.isFinal()) {
      if (response.status() > 100) {
        ringing.early(now, this, response);
      }
    } else if (response.isSuccess()) {
      success(now, response, from);
    } else {
      done = true;
      ringing.lost(now, response);
    }
  }

  @Override
  public void failed(long now, ClientTransaction.Failure why) {
    done = true;
    ringing.unheard(now, why);
  }

  private void success(long now, SipResponse response, Flow from) {
    done = true;
    if (leg != null) {
      if (leg.dialog().remoteTag().equals(response.vitals().to().tag())) {
        leg.acknowledgeAgain(response.vitals().cseq().number());
      } else {
        turnDown(now, dialog.fork(response, from), response);
      }
    } else if (!ringing.won(now, this, response, from)) {
      // Too late, or after a CANCEL that crossed it: take it and end it (RFC 3261 §15).
      turnDown(now, dialog.fork(response, from), response);
    }
  }

  private void turnDown(long now, Dialog late, SipResponse response) {
    var transactions = office.transactions();
    var ack =
        late.ack(
            response.vitals().cseq().number(),
            office.tokens().branch(),
            List.of(Carry.AGENT),
            Compose.NO_BODY);
    transactions.once(ack, late.flow());
    var bye = late.request("BYE", office.tokens().branch(), List.of(Carry.AGENT), Compose.NO_BODY);
    transactions.begin(now, bye, late.flow(), Leg.Unheeded.INSTANCE);
  }
}
