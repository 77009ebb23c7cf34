package dev.islet.voip.exchange;

import dev.islet.voip.call.Calls;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.SipUri;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.registrar.Account;
import dev.islet.voip.registrar.Authority;
import dev.islet.voip.registrar.Registrar;
import dev.islet.voip.registrar.Registrar.Change;
import dev.islet.voip.registrar.Verdict;
import dev.islet.voip.transaction.ServerTransaction;
import dev.islet.voip.transaction.TransactionUser;
import dev.islet.voip.transaction.Transactions;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.Grammar;
import dev.islet.voip.wire.Reasons;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every new request: who is it from, may they, and whom does it concern. Everything up to
 * the proof of identity is answered without remembering (RFC 3261 §8.2.7), so that strangers cannot
 * fill memory.
 */
final class FrontDesk implements TransactionUser {
  private static final SipHeader ALLOW =
      new SipHeader("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REGISTER");
  private static final SipHeader SERVER = new SipHeader("Server", "Islet");

  private final ExchangeRules rules;
  private final Authority authority;
  private final Registrar registrar;
  private final Consumer<ExchangeAction> out;
  private final String salt;
  private @Nullable Transactions transactions;
  private @Nullable Calls calls;

  FrontDesk(
      ExchangeRules rules,
      Authority authority,
      Registrar registrar,
      Consumer<ExchangeAction> out,
      String salt) {
    this.rules = rules;
    this.authority = authority;
    this.registrar = registrar;
    this.out = out;
    this.salt = salt;
  }

  void open(Transactions transactions, Calls calls) {
    this.transactions = transactions;
    this.calls = calls;
  }

  @Override
  public void request(long now, Arrival arrival) {
    var request = arrival.request();
    if (isScanner(request)) {
      count(Tally.SCANNER);
      return;
    }
    var method = request.method();
    if (request.vitals().to().tag().isPresent() && !method.equals("REGISTER")) {
      if (!calls().request(now, arrival)) {
        count(Tally.NO_DIALOG);
        refuse(arrival, 481);
      }
      return;
    }
    var target = Grammar.uri(request.uri());
    if (target.isEmpty()) {
      refuse(arrival, 416);
      return;
    }
    switch (method) {
      case "OPTIONS" -> options(arrival);
      case "REGISTER" -> {
        if (isOurs(target.get(), arrival.from())) {
          proven(now, arrival, "WWW-Authenticate", 401)
              .ifPresent(account -> register(now, arrival, account));
        } else {
          forbid(arrival, "registration for a foreign domain");
        }
      }
      case "INVITE" -> invite(now, arrival, target.get());
      case "BYE" -> refuse(arrival, 481);
      default -> answer(arrival, 405, List.of(ALLOW));
    }
  }

  private void invite(long now, Arrival arrival, SipUri target) {
    var request = arrival.request();
    if (!isOurs(target, arrival.from())) {
      forbid(arrival, "call to a foreign domain");
      return;
    }
    if (request.headers().first("Max-Forwards").flatMap(Grammar::number).orElse(70L) == 0) {
      refuse(arrival, 483);
      return;
    }
    var account = proven(now, arrival, "Proxy-Authenticate", 407);
    if (account.isEmpty()) {
      return;
    }
    var number = account.get().number();
    var claimed = Grammar.uri(request.vitals().from().uri()).flatMap(SipUri::user).orElse("");
    if (!claimed.equals(number)) {
      forbid(arrival, "extension " + number + " calls itself " + claimed);
      return;
    }
    count(Tally.CALL);
    calls().invite(now, arrival, number, target.user().orElse(""));
  }

  private void register(long now, Arrival arrival, Account account) {
    var request = arrival.request();
    var claimed = Grammar.uri(request.vitals().to().uri()).flatMap(SipUri::user).orElse("");
    if (!claimed.equals(account.number())) {
      forbid(arrival, "extension " + account.number() + " registers " + claimed);
      return;
    }
    var accepted = transactions().accept(arrival);
    if (accepted.isEmpty()) {
      answer(arrival, 503, List.of(new SipHeader("Retry-After", "5")));
      return;
    }
    var tx = accepted.get();
    var tag = tag(request);
    switch (registrar.register(now, account.number(), request, arrival.from())) {
      case Registrar.Outcome.Done(var bindings, var changes) -> {
        count(Tally.REGISTERED);
        tell(now, changes);
        var headers = new ArrayList<SipHeader>(bindings.size() + 1);
        for (var binding : bindings) {
          long seconds = Math.max(0, (binding.expires() - now) / 1_000_000_000L);
          headers.add(new SipHeader("Contact", "<" + binding.contact() + ">;expires=" + seconds));
        }
        headers.add(SERVER);
        tx.respond(now, Compose.response(request, 200, "OK", tag, headers, Compose.NO_BODY));
      }
      case Registrar.Outcome.TooBrief(long min) ->
          tx.respond(
              now,
              Compose.response(
                  request,
                  423,
                  Reasons.of(423),
                  tag,
                  List.of(new SipHeader("Min-Expires", Long.toString(min))),
                  Compose.NO_BODY));
      case Registrar.Outcome.Refused(int status, var why) ->
          tx.respond(now, Compose.response(request, status, why, tag, List.of(), Compose.NO_BODY));
    }
  }

  private void tell(long now, List<Change> changes) {
    for (var change : changes) {
      out.accept(new ExchangeAction.Keep(change));
      switch (change) {
        case Change.Put(var b) ->
            out.accept(
                new ExchangeAction.Tell(
                    new VoipEvent.Registered(
                        b.extension(),
                        b.contact(),
                        b.flow(),
                        (b.expires() - now) / 1_000_000_000L)));
        case Change.Gone(var extension, var contact, var why) ->
            out.accept(
                new ExchangeAction.Tell(new VoipEvent.Unregistered(extension, contact, why)));
      }
    }
  }

  private Optional<Account> proven(long now, Arrival arrival, String header, int status) {
    var source = arrival.from().remote();
    return switch (authority.check(
        now, arrival.request(), source, uri -> isOurs(uri, arrival.from()))) {
      case Verdict.Granted(var account) -> Optional.of(account);
      case Verdict.Ask(boolean stale) -> {
        count(Tally.CHALLENGED);
        answer(
            arrival, status, authority.challenges(now, header, arrival.request(), source, stale));
        yield Optional.empty();
      }
      case Verdict.Wrong(var user, var why) -> {
        count(Tally.AUTH_FAILED);
        out.accept(new ExchangeAction.Tell(new VoipEvent.AuthFailed(user, source, why)));
        answer(
            arrival, status, authority.challenges(now, header, arrival.request(), source, false));
        yield Optional.empty();
      }
      case Verdict.Silence() -> {
        count(Tally.SILENCED);
        yield Optional.empty();
      }
    };
  }

  private void options(Arrival arrival) {
    answer(arrival, 200, List.of(ALLOW, new SipHeader("Accept", "application/sdp"), SERVER));
  }

  @Override
  public void ack(long now, SipRequest ack, Flow from) {
    calls().ack(now, ack);
  }

  @Override
  public void cancel(
      long now, ServerTransaction cancel, SipRequest request, Optional<ServerTransaction> of) {
    cancel.respond(now, Compose.response(request, of.isPresent() ? 200 : 481, tag(request)));
  }

  @Override
  public void stray(long now, SipResponse response, Flow from) {
    count(Tally.STRAY);
  }

  /** Answers what could not be read well enough to be acted upon. */
  void faulty(ExchangeEvent.Faulty faulty) {
    if (!faulty.request().method().equals("ACK") && !isScanner(faulty.request())) {
      count(Tally.FAULTY);
      transactions()
          .stateless(
              transactions().arrival(faulty.request(), faulty.flow()),
              Compose.response(
                  faulty.request(),
                  faulty.status(),
                  faulty.status() == 400 ? "Bad Request, " + plain(faulty.why()) : Reasons.of(505),
                  tag(faulty.request()),
                  List.of(),
                  Compose.NO_BODY));
    }
  }

  private boolean isScanner(SipRequest request) {
    var agent = request.headers().first("User-Agent");
    if (agent.isEmpty()) {
      return false;
    }
    var text = agent.get().toLowerCase(Locale.ROOT);
    for (var scanner : rules.scanners()) {
      if (text.contains(scanner)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOurs(SipUri uri, Flow flow) {
    var host = uri.host();
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    return rules.isOurs(bare, flow.local().getAddress().getHostAddress());
  }

  private void forbid(Arrival arrival, String why) {
    count(Tally.FORBIDDEN);
    out.accept(
        new ExchangeAction.Tell(
            new VoipEvent.Refused(arrival.from(), arrival.request().title(), why)));
    refuse(arrival, 403);
  }

  private void refuse(Arrival arrival, int status) {
    answer(arrival, status, List.of());
  }

  private void answer(Arrival arrival, int status, List<SipHeader> headers) {
    transactions()
        .stateless(
            arrival,
            Compose.response(
                arrival.request(),
                status,
                Reasons.of(status),
                tag(arrival.request()),
                headers,
                Compose.NO_BODY));
  }

  private void count(Tally what) {
    out.accept(new ExchangeAction.Count(what));
  }

  /** The same for each copy of a request (§8.2.7), and not to be foreseen. */
  private String tag(SipRequest request) {
    var vitals = request.vitals();
    long hash = 0xcbf29ce484222325L;
    var text = salt + vitals.callId() + vitals.via().branch().orElse("") + vitals.cseq();
    for (int n = 0; n < text.length(); n++) {
      hash = (hash ^ text.charAt(n)) * 0x100000001b3L;
    }
    return "%016x".formatted(hash);
  }

  private static String plain(String text) {
    return text.replaceAll("[^ -~]", "?");
  }

  private Transactions transactions() {
    return java.util.Objects.requireNonNull(transactions);
  }

  private Calls calls() {
    return java.util.Objects.requireNonNull(calls);
  }
}
