package dev.islet.voip.call;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.transaction.ClientTransaction;
import dev.islet.voip.transaction.ServerTransaction;
import dev.islet.voip.transaction.TimerValues;
import dev.islet.voip.transaction.Timers;
import dev.islet.voip.wire.Compose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One phone's side of a call: its dialog, and what is pending there.
 *
 * <p>Repeats a 2xx until its ACK comes (RFC 3261 §13.3.1.4), and holds a BYE back until then (§15).
 */
final class Leg {
  /** Hears of the ACK that a 2xx waits for. */
  interface AckWatcher {
    void acked(long now, SipRequest ack);

    void missing(long now);
  }

  private final Office office;
  private final MediaLeg side;
  private final Dialog dialog;
  private final String extension;
  private boolean over;
  private boolean byeDue;
  private boolean asking;
  private boolean asked;
  private long awaited = -1;
  private @Nullable AckWatcher watcher;
  private Timers.@Nullable Timer repeat;
  private Timers.@Nullable Timer giveUp;
  private @Nullable SipRequest lastAck;

  Leg(Office office, MediaLeg side, Dialog dialog, String extension) {
    this.office = office;
    this.side = side;
    this.dialog = dialog;
    this.extension = extension;
  }

  MediaLeg side() {
    return side;
  }

  Dialog dialog() {
    return dialog;
  }

  String extension() {
    return extension;
  }

  /** Whether an INVITE of this phone is not done with: another gets 500 (§14.2). */
  boolean asking() {
    return asking || awaited >= 0;
  }

  void asking(boolean pending) {
    asking = pending;
  }

  /** Whether an INVITE to this phone is not done with: one from it gets 491 (§14.2). */
  boolean asked() {
    return asked;
  }

  void asked(boolean pending) {
    asked = pending;
  }

  boolean over() {
    return over;
  }

  /** Begins to repeat a 2xx that has just been sent. */
  void awaitAck(long now, ServerTransaction answered, long number, AckWatcher hears) {
    awaited = number;
    watcher = hears;
    giveUp = office.timers().at(now + TimerValues.GIVE_UP, this::noAck);
    repeat(now, answered, TimerValues.T1);
  }

  private void repeat(long now, ServerTransaction answered, long interval) {
    repeat =
        office
            .timers()
            .at(
                now + interval,
                at -> {
                  answered.again2xx();
                  repeat(at, answered, Math.min(2 * interval, TimerValues.T2));
                });
  }

  void acked(long now, SipRequest ack) {
    if (awaited != ack.vitals().cseq().number()) {
      return; // a copy
    }
    var hears = watcher;
    settle();
    if (hears != null) {
      hears.acked(now, ack);
    }
    if (byeDue) {
      sendBye(now);
    }
  }

  private void noAck(long now) {
    var hears = watcher;
    settle();
    if (hears != null) {
      hears.missing(now);
    }
    if (byeDue) {
      sendBye(now);
    }
  }

  private void settle() {
    awaited = -1;
    watcher = null;
    if (repeat != null) {
      repeat.cancel();
    }
    if (giveUp != null) {
      giveUp.cancel();
    }
  }

  /** Acknowledges a 2xx of this phone, and remembers how, for its copies. */
  void acknowledge(long number, List<SipHeader> more, byte[] body) {
    var ack = dialog.ack(number, office.tokens().branch(), more, body);
    lastAck = ack;
    office.transactions().once(ack, dialog.flow());
  }

  /** A copy of a 2xx came: the ACK was lost. */
  void acknowledgeAgain(long number) {
    if (lastAck != null && lastAck.vitals().cseq().number() == number) {
      office.transactions().once(lastAck, dialog.flow());
    }
  }

  /** The phone has ended it. */
  void left() {
    over = true;
    byeDue = false;
    settle();
  }

  /** Ends it with the phone, as soon as that is allowed. */
  void bye(long now) {
    if (over) {
      return;
    }
    over = true;
    if (awaited >= 0) {
      byeDue = true;
      watcher = null;
    } else {
      sendBye(now);
    }
  }

  private void sendBye(long now) {
    byeDue = false;
    var bye =
        dialog.request("BYE", office.tokens().branch(), List.of(Carry.AGENT), Compose.NO_BODY);
    office.transactions().begin(now, bye, dialog.flow(), Unheeded.INSTANCE);
  }

  /** For requests whose answer changes nothing. */
  enum Unheeded implements ClientTransaction.Watcher {
    INSTANCE;

    @Override
    public void answered(long now, SipResponse response, Flow from) {}

    @Override
    public void failed(long now, ClientTransaction.Failure why) {}
  }
}
