package dev.islet.dns.transfer;

import dev.islet.core.engine.Engine;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** Keeps other servers' copies of our zones up to date: tells them when there is something new. */
public final class TransferEngine implements Engine<TransferEvent, TransferAction> {
  private final Notices notices;

  public TransferEngine(RandomGenerator random) {
    this.notices = new Notices(random);
  }

  @Override
  public void on(long now, TransferEvent event, Consumer<? super TransferAction> out) {
    switch (event) {
      case TransferEvent.Published(var zone, var tell) -> notices.published(zone, tell, out);
      case TransferEvent.NotifyAnswered(var exchange, var rcode) ->
          notices.answered(exchange, rcode, out);
      case TransferEvent.NotifyFailed(var exchange, var why) ->
          notices.failed(now, exchange, why, out);
    }
  }

  @Override
  public void onTime(long now, Consumer<? super TransferAction> out) {
    notices.onTime(now, out);
  }

  @Override
  public long deadline() {
    return notices.deadline();
  }
}
