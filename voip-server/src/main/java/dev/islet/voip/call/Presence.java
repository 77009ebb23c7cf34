package dev.islet.voip.call;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.transaction.ClientTransaction;
import dev.islet.voip.transaction.Timers;
import dev.islet.voip.wire.Compose;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks both phones of a call from time to time whether they are still there, by OPTIONS within the
 * dialog (RFC 3261 §11). Any answer will do but 481 and 408; without one the call is over, so that
 * no call outlives its phones.
 */
final class Presence {
  private final Office office;
  private final Call call;
  private final Leg a;
  private final Leg b;
  private Timers.@Nullable Timer next;

  Presence(Office office, Call call, Leg a, Leg b) {
    this.office = office;
    this.call = call;
    this.a = a;
    this.b = b;
  }

  void begin(long now) {
    next = office.timers().at(now + office.rules().check(), this::ask);
  }

  void end() {
    if (next != null) {
      next.cancel();
    }
  }

  private void ask(long now) {
    begin(now);
    ask(now, a);
    ask(now, b);
  }

  private void ask(long now, Leg leg) {
    var options =
        leg.dialog()
            .request("OPTIONS", office.tokens().branch(), List.of(Carry.AGENT), Compose.NO_BODY);
    office
        .transactions()
        .begin(
            now,
            options,
            leg.dialog().flow(),
            new ClientTransaction.Watcher() {
              @Override
              public void answered(long at, SipResponse response, Flow from) {
                if (response.status() == 481 || response.status() == 408) {
                  call.end(at, leg.extension() + " no longer knows the call", leg);
                }
              }

              @Override
              public void failed(long at, ClientTransaction.Failure why) {
                call.end(at, leg.extension() + " vanished", leg);
              }
            });
  }
}
