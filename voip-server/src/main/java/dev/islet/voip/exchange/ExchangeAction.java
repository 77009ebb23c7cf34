package dev.islet.voip.exchange;

import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.IncomingCall;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.registrar.Registrar;

/** What the exchange can want done. */
public sealed interface ExchangeAction {
  /** Send a message. */
  record Send(Flow flow, String title, String callId, byte[] bytes) implements ExchangeAction {}

  /** Make a change of the registrations durable, before anything that follows is sent. */
  record Keep(Registrar.Change change) implements ExchangeAction {}

  /** Ask the embedder where a call is to go. */
  record AskRouting(String id, IncomingCall call) implements ExchangeAction {}

  /** Keep the record of a finished call. */
  record Finished(CallRecord record) implements ExchangeAction {}

  /** Tell those who listen. */
  record Tell(VoipEvent event) implements ExchangeAction {}

  /** Count something. */
  record Count(Tally what) implements ExchangeAction {}
}
