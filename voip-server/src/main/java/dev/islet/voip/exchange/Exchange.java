package dev.islet.voip.exchange;

import dev.islet.core.engine.Engine;
import dev.islet.voip.call.CallRules;
import dev.islet.voip.call.Calls;
import dev.islet.voip.call.Office;
import dev.islet.voip.call.Tokens;
import dev.islet.voip.media.Relay;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.registrar.Account;
import dev.islet.voip.registrar.Authority;
import dev.islet.voip.registrar.Registrar;
import dev.islet.voip.transaction.Timers;
import dev.islet.voip.transaction.Transactions;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** SIP signalling as one engine: transactions, registrar and calls on one thread and one clock. */
public final class Exchange implements Engine<ExchangeEvent, ExchangeAction> {
  private final ExchangeRules rules;
  private final Timers timers = new Timers();
  private final Authority authority;
  private final Registrar registrar;
  private final Transactions transactions;
  private final Calls calls;
  private final FrontDesk desk;
  private Consumer<? super ExchangeAction> out = action -> {};

  /**
   * @param accounts the extensions by number
   * @param nonceKey secret that nonces are signed with
   * @param random must be unpredictable outside tests
   * @param kept bindings from before a restart
   * @param silence takes the relay's word that a call is silent, on the relay's thread; hand it in
   *     as {@link ExchangeEvent.Silent}
   */
  public Exchange(
      long now,
      ExchangeRules rules,
      Map<String, Account> accounts,
      byte[] nonceKey,
      RandomGenerator random,
      Relay relay,
      Collection<Binding> kept,
      Consumer<MediaSilence> silence) {
    this.rules = rules;
    this.authority = new Authority(rules.authority(), accounts, nonceKey, random, now);
    this.registrar = new Registrar(rules.registrar());
    registrar.restore(now, kept.stream().filter(b -> accounts.containsKey(b.extension())).toList());
    this.desk =
        new FrontDesk(rules, authority, registrar, this::emit, Long.toHexString(random.nextLong()));
    this.transactions =
        new Transactions(
            (flow, title, callId, bytes) ->
                emit(new ExchangeAction.Send(flow, title, callId, bytes)),
            desk,
            timers,
            rules.transactions());
    this.calls = new Calls(new Rooms(relay, new Tokens(random)), silence);
    desk.open(transactions, calls);
  }

  @Override
  public void on(long now, ExchangeEvent event, Consumer<? super ExchangeAction> out) {
    this.out = out;
    switch (event) {
      case ExchangeEvent.Received(var message, var flow) ->
          transactions.receive(now, message, flow);
      case ExchangeEvent.Faulty faulty -> desk.faulty(faulty);
      case ExchangeEvent.ConnectionLost(var connection, var remote) ->
          transactions.lost(now, connection, remote);
      case ExchangeEvent.Routed(var id, var routing) -> calls.routed(now, id, routing);
      case ExchangeEvent.Silent(var id) -> calls.silent(now, id);
      case ExchangeEvent.Accounts(var accounts) -> {
        authority.accounts(accounts);
        changed(registrar.retain(accounts::containsKey));
      }
      case ExchangeEvent.Closing() -> calls.endAll(now, "the server stops");
    }
  }

  @Override
  public void onTime(long now, Consumer<? super ExchangeAction> out) {
    this.out = out;
    timers.run(now);
    changed(registrar.expire(now));
  }

  @Override
  public long deadline() {
    return Math.min(timers.next(), registrar.deadline());
  }

  /** What is bound now. Ask on the engine's thread. */
  public List<Binding> bindings() {
    return registrar.all();
  }

  /** How many contacts are bound. Ask on the engine's thread. */
  public int registrations() {
    return registrar.size();
  }

  /** The calls under way. Ask on the engine's thread. */
  public List<Calls.Seen> calls() {
    return calls.seen();
  }

  /** Figures for metrics. Ask on the engine's thread. */
  public Load load() {
    return new Load(
        registrar.size(),
        calls.size(),
        transactions.servers(),
        transactions.clients(),
        transactions.evicted(),
        authority.watched());
  }

  /**
   * How much is under way.
   *
   * @param registrations contacts bound
   * @param served requests of others remembered
   * @param asked requests of ours followed
   * @param evicted requests forgotten early, in all
   * @param watched addresses that presented wrong credentials lately
   */
  public record Load(
      int registrations, int calls, int served, int asked, long evicted, int watched) {}

  private void emit(ExchangeAction action) {
    out.accept(action);
  }

  private void changed(List<Registrar.Change> changes) {
    for (var change : changes) {
      emit(new ExchangeAction.Keep(change));
      if (change instanceof Registrar.Change.Gone(var extension, var contact, var why)) {
        emit(new ExchangeAction.Tell(new VoipEvent.Unregistered(extension, contact, why)));
      }
    }
  }

  /** What calls find around them. */
  private final class Rooms implements Office {
    private final Relay relay;
    private final Tokens tokens;

    Rooms(Relay relay, Tokens tokens) {
      this.relay = relay;
      this.tokens = tokens;
    }

    @Override
    public Transactions transactions() {
      return transactions;
    }

    @Override
    public Timers timers() {
      return timers;
    }

    @Override
    public Relay relay() {
      return relay;
    }

    @Override
    public Tokens tokens() {
      return tokens;
    }

    @Override
    public CallRules rules() {
      return rules.calls();
    }

    @Override
    public boolean knows(String extension) {
      return authority.account(extension).isPresent();
    }

    @Override
    public String nameOf(String extension) {
      return authority.account(extension).map(Account::name).orElse("");
    }

    @Override
    public List<Binding> reach(String extension) {
      return registrar.of(extension);
    }

    @Override
    public void askRouting(long now, String id, IncomingCall call) {
      if (rules.asksRouting()) {
        emit(new ExchangeAction.AskRouting(id, call));
      } else {
        calls.routed(now, id, new Routing.Ring(call.to(), Duration.ofNanos(rules.calls().ring())));
      }
    }

    @Override
    public void tell(VoipEvent event) {
      emit(new ExchangeAction.Tell(event));
    }

    @Override
    public void keep(CallRecord record) {
      emit(new ExchangeAction.Finished(record));
    }
  }
}
