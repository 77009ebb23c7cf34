package dev.islet.voip.transaction;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.Via;
import dev.islet.voip.transaction.TransactionUser.Arrival;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.SipWriter;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * All transactions of a server. Matches what arrives to what is under way (RFC 3261 §17.1.3,
 * §17.2.3) and hands the rest to the core.
 *
 * <p>The table is bounded: when it is full, the longest answered non-INVITE is forgotten early (its
 * sender would have to repeat itself more than the others to notice), and if there is none, {@link
 * #accept} refuses. Not thread-safe.
 */
public final class Transactions {
  /** What every branch since RFC 3261 begins with (§8.1.1.7). */
  public static final String COOKIE = "z9hG4bK";

  private final Sender sender;
  private final TransactionUser core;
  private final Timers timers;
  private final int capacity;
  private final Map<String, ServerTransaction> servers = new HashMap<>();
  private final Map<String, ClientTransaction> clients = new HashMap<>();
  private final ArrayDeque<ServerTransaction> answered = new ArrayDeque<>();
  private long evicted;

  /**
   * @param capacity how many requests of others are remembered at a time
   */
  public Transactions(Sender sender, TransactionUser core, Timers timers, int capacity) {
    this.sender = sender;
    this.core = core;
    this.timers = timers;
    this.capacity = capacity;
  }

  /** Takes a message in. */
  public void receive(long now, SipMessage message, Flow from) {
    switch (message) {
      case SipRequest request -> request(now, request, from);
      case SipResponse response -> response(now, response, from);
    }
  }

  /** Takes a request on; empty when the table is full: then answer 503 statelessly. */
  public Optional<ServerTransaction> accept(Arrival arrival) {
    if (servers.size() >= capacity && !evict()) {
      return Optional.empty();
    }
    var key = serverKey(arrival.request(), arrival.request().method());
    var transaction = new ServerTransaction(this, key, arrival.reply(), arrival.request());
    servers.put(key, transaction);
    if (!transaction.isInvite()) {
      answered.add(transaction);
    }
    return Optional.of(transaction);
  }

  /** Notes in a request where it came from, and where its answers are to go. */
  public Arrival arrival(SipRequest received, Flow from) {
    var via = ResponsePath.complete(received.vitals().via(), from);
    return new Arrival(Compose.withVia(received, via), from, ResponsePath.of(via, from));
  }

  /** Answers without remembering anything (RFC 3261 §8.2.7). */
  public void stateless(Arrival arrival, SipResponse response) {
    sender.send(
        arrival.reply(), response.title(), response.vitals().callId(), SipWriter.write(response));
  }

  /** Sends a request and follows it; its Via must carry a branch not used before. */
  public ClientTransaction begin(
      long now, SipRequest request, Flow flow, ClientTransaction.Watcher watcher) {
    var key = clientKey(request.vitals().via(), request.method());
    var transaction = new ClientTransaction(this, key, flow, request, watcher);
    clients.put(key, transaction);
    transaction.begin(now);
    return transaction;
  }

  /** Sends a message once and forgets it, such as the ACK of a 2xx. */
  public void once(SipMessage message, Flow flow) {
    sender.send(flow, message.title(), message.vitals().callId(), SipWriter.write(message));
  }

  /** A connection has ended, or could not be made: what was asked over it will not be answered. */
  public void lost(long now, long connection, InetSocketAddress remote) {
    for (var client : new ArrayList<>(clients.values())) {
      var flow = client.flow();
      boolean same =
          flow.connection() == connection || flow.connection() == 0 && flow.remote().equals(remote);
      if (flow.transport().reliable() && same) {
        client.fail(now, ClientTransaction.Failure.TRANSPORT);
      }
    }
  }

  /** Requests of others that are remembered. */
  public int servers() {
    return servers.size();
  }

  /** Requests of ours that are followed. */
  public int clients() {
    return clients.size();
  }

  /** How many were forgotten early because the table was full. */
  public long evicted() {
    return evicted;
  }

  Timers timers() {
    return timers;
  }

  Sender sender() {
    return sender;
  }

  void forget(ServerTransaction transaction) {
    servers.remove(transaction.key(), transaction);
    transaction.drop();
    while (!answered.isEmpty() && answered.peek().state() == ServerTransaction.State.TERMINATED) {
      answered.poll();
    }
  }

  void forget(ClientTransaction transaction) {
    clients.remove(transaction.key(), transaction);
  }

  private boolean evict() {
    for (int n = answered.size(); n > 0; n--) {
      var oldest = answered.remove();
      switch (oldest.state()) {
        case COMPLETED -> {
          servers.remove(oldest.key(), oldest);
          oldest.drop();
          evicted++;
          return true;
        }
        case PROCEEDING -> answered.add(oldest);
        case CONFIRMED, ACCEPTED, TERMINATED -> {}
      }
    }
    return false;
  }

  private void request(long now, SipRequest received, Flow from) {
    var method = received.method();
    var known = servers.get(serverKey(received, method.equals("ACK") ? "INVITE" : method));
    if (method.equals("ACK")) {
      if (known == null || !known.acked(now)) {
        core.ack(now, received, from);
      }
      return;
    }
    if (known != null) {
      known.again();
      return;
    }
    var arrival = arrival(received, from);
    var request = arrival.request();
    if (!method.equals("CANCEL")) {
      core.request(now, arrival);
      return;
    }
    var invite = Optional.ofNullable(servers.get(serverKey(received, "INVITE")));
    accept(arrival)
        .ifPresent(
            transaction -> {
              core.cancel(now, transaction, request, invite);
              invite.ifPresent(i -> i.cancelled(now));
            });
  }

  private void response(long now, SipResponse response, Flow from) {
    var client = clients.get(clientKey(response.vitals().via(), response.vitals().cseq().method()));
    if (client == null) {
      core.stray(now, response, from);
    } else {
      client.receive(now, response, from);
    }
  }

  private static String clientKey(Via via, String method) {
    return via.branch().orElse("") + ' ' + method;
  }

  /** By branch and sent-by; older senders are known by what else is in the request (§17.2.3). */
  private static String serverKey(SipRequest request, String method) {
    var via = request.vitals().via();
    var branch = via.branch().orElse("");
    var sentBy = via.host().toLowerCase(Locale.ROOT) + ':' + via.port();
    if (branch.startsWith(COOKIE)) {
      return branch + ' ' + sentBy + ' ' + method;
    }
    var vitals = request.vitals();
    return String.join(
        " ",
        vitals.callId(),
        Long.toString(vitals.cseq().number()),
        vitals.from().tag().orElse(""),
        request.uri(),
        branch,
        sentBy,
        method);
  }
}
