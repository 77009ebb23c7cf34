package dev.islet.voip;

import dev.islet.core.engine.Outlet;
import dev.islet.core.trace.Trace;
import dev.islet.voip.admin.VoipMetrics;
import dev.islet.voip.exchange.ExchangeAction;
import dev.islet.voip.model.CallRecord;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.store.BindingJournal;
import dev.islet.voip.transport.sip.Switchboard;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Does what the exchange wants done. What is to be sent waits until the registrations of the same
 * batch are on disk: one flush for all, and nothing is promised that a power cut could undo.
 */
final class Hands implements Outlet<ExchangeAction> {
  private static final Logger LOG = System.getLogger("islet.voip");

  private final BindingJournal journal;
  private final VoipMetrics metrics;
  private final Trace<VoipEvent> trace;
  private final Consumer<CallRecord> records;
  private final Consumer<ExchangeAction.AskRouting> routing;
  private final List<ExchangeAction.Send> waiting = new ArrayList<>();
  private volatile @Nullable Switchboard switchboard;
  private volatile @Nullable String fault;

  Hands(
      BindingJournal journal,
      VoipMetrics metrics,
      Trace<VoipEvent> trace,
      Consumer<CallRecord> records,
      Consumer<ExchangeAction.AskRouting> routing) {
    this.journal = journal;
    this.metrics = metrics;
    this.trace = trace;
    this.records = records;
    this.routing = routing;
  }

  /** From here on messages can be sent. */
  void connect(Switchboard to) {
    switchboard = to;
  }

  /** Why registrations cannot be kept at present. */
  Optional<String> fault() {
    return Optional.ofNullable(fault);
  }

  @Override
  public void perform(ExchangeAction action) {
    switch (action) {
      case ExchangeAction.Send send -> waiting.add(send);
      case ExchangeAction.Keep(var change) -> journal.append(change);
      case ExchangeAction.AskRouting ask -> routing.accept(ask);
      case ExchangeAction.Finished(var record) -> {
        metrics.ended(record);
        records.accept(record);
      }
      case ExchangeAction.Tell(var event) -> tell(event);
      case ExchangeAction.Count(var what) -> metrics.outcome(what);
    }
  }

  @Override
  public void flush() {
    var board = switchboard;
    if (waiting.isEmpty() && fault == null || board == null) {
      return;
    }
    try {
      journal.commit();
      fault = null;
    } catch (IOException e) {
      if (fault == null) {
        LOG.log(Level.ERROR, "registrations cannot be kept; answers are held back", e);
      }
      fault = "registrations cannot be kept: " + e.getMessage();
      // The phones will ask again; what was not kept must not be confirmed.
      waiting.clear();
      return;
    }
    for (var send : waiting) {
      board.send(send.flow(), send.title(), send.callId(), send.bytes());
    }
    waiting.clear();
    board.flush();
  }

  private void tell(VoipEvent event) {
    if (trace.on()) {
      trace.emit(event);
    }
    switch (event) {
      case VoipEvent.AuthFailed failed -> LOG.log(Level.INFO, failed.note());
      case VoipEvent.Refused refused -> LOG.log(Level.DEBUG, refused.note());
      default -> {}
    }
  }
}
