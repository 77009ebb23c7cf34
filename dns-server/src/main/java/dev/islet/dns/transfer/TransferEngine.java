package dev.islet.dns.transfer;

import dev.islet.core.engine.Engine;
import dev.islet.dns.zone.Zone;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.xbill.DNS.Name;

/**
 * Keeps copies of zones up to date: those that others have of ours, by telling them when there is
 * something new, and those that we have of others, by asking in time.
 */
public final class TransferEngine implements Engine<TransferEvent, TransferAction> {
  private final Notices notices;
  private final Secondaries secondaries;

  public TransferEngine(RandomGenerator random) {
    this.notices = new Notices(random);
    this.secondaries = new Secondaries(random);
  }

  /**
   * Takes the zones that come from other servers, at the start and at each reload.
   *
   * @param kept finds the copy of a zone from before
   * @return those that are none of ours any more
   */
  public Set<Name> secondaries(
      long now, List<Secondary> wanted, Function<Name, Optional<Secondary.Kept>> kept) {
    return secondaries.configure(now, wanted, kept);
  }

  /** All zones that come from other servers, with their content where it may be served. */
  public Map<Name, Optional<Zone>> served() {
    return secondaries.served();
  }

  /** How each copy of a zone of others is. */
  public List<Secondary.Condition> conditions(long now) {
    return secondaries.conditions(now);
  }

  @Override
  public void on(long now, TransferEvent event, Consumer<? super TransferAction> out) {
    switch (event) {
      case TransferEvent.Published(var zone, var tell) -> notices.published(zone, tell, out);
      case TransferEvent.NotifyAnswered(var exchange, var rcode) ->
          notices.answered(exchange, rcode, out);
      case TransferEvent.NotifyFailed(var exchange, var why) ->
          notices.failed(now, exchange, why, out);
      case TransferEvent.Notified(var zone, var primary) ->
          secondaries.notified(now, zone, primary, out);
      case TransferEvent.Fetched(var exchange, var outcome) ->
          secondaries.fetched(now, exchange, outcome, out);
    }
  }

  @Override
  public void onTime(long now, Consumer<? super TransferAction> out) {
    notices.onTime(now, out);
    secondaries.onTime(now, out);
  }

  @Override
  public long deadline() {
    return Math.min(notices.deadline(), secondaries.deadline());
  }
}
