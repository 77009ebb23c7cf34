package dev.islet.voip.exchange;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.Routing;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.registrar.Account;
import java.net.InetSocketAddress;
import java.util.Map;

/** What can happen to the exchange. */
public sealed interface ExchangeEvent {
  /** A message arrived in order. */
  record Received(SipMessage message, Flow flow) implements ExchangeEvent {}

  /** A request arrived that cannot be acted upon, but be answered. */
  record Faulty(SipRequest request, Flow flow, int status, String why) implements ExchangeEvent {}

  /** A connection has ended, or could not be made. */
  record ConnectionLost(long connection, InetSocketAddress remote) implements ExchangeEvent {}

  /** The embedder's word on where a call is to go. */
  record Routed(String id, Routing routing) implements ExchangeEvent {}

  /** The relay heard nothing of a call for too long. */
  record Silent(String id) implements ExchangeEvent {}

  /** Other extensions from here on. */
  record Accounts(Map<String, Account> accounts) implements ExchangeEvent {}

  /** The server stops: end what is under way. */
  record Closing() implements ExchangeEvent {}
}
