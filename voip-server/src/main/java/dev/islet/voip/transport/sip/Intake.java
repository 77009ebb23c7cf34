package dev.islet.voip.transport.sip;

import dev.islet.core.trace.Trace;
import dev.islet.voip.exchange.ExchangeEvent;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.model.VoipEvent;
import dev.islet.voip.wire.Parsed;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Where everything that arrives comes together: read, traced, counted, offered to the exchange. */
public final class Intake {
  private final SipCodec codec;
  private final Predicate<ExchangeEvent> exchange;
  private final Trace<VoipEvent> trace;
  private final Counts counts;

  /**
   * Hears what is to be counted.
   *
   * @param received a message in order arrived
   * @param malformed something arrived that could not be read
   * @param overflowed something was dropped because the exchange has too much to do
   */
  public record Counts(Consumer<SipMessage> received, Runnable malformed, Runnable overflowed) {}

  /**
   * @param exchange takes an event, or refuses it because its queue is full
   */
  public Intake(
      SipCodec codec, Predicate<ExchangeEvent> exchange, Trace<VoipEvent> trace, Counts counts) {
    this.codec = codec;
    this.exchange = exchange;
    this.trace = trace;
    this.counts = counts;
  }

  void datagram(Flow flow, byte[] bytes) {
    take(flow, bytes, codec.datagram(bytes));
  }

  /** False if the stream had better be closed. */
  boolean framed(Flow flow, byte[] bytes) {
    return take(flow, bytes, codec.framed(bytes));
  }

  void lost(long connection, InetSocketAddress remote) {
    if (!exchange.test(new ExchangeEvent.ConnectionLost(connection, remote))) {
      counts.overflowed().run();
    }
  }

  void dropped(Flow flow, String reason, byte[] bytes) {
    counts.malformed().run();
    if (trace.on()) {
      trace.emit(new VoipEvent.Dropped(flow, reason, bytes));
    }
  }

  void sent(Flow flow, String title, String callId, byte[] bytes) {
    if (trace.on()) {
      trace.emit(new VoipEvent.Sent(flow, title, callId, bytes));
    }
  }

  private boolean take(Flow flow, byte[] bytes, Parsed parsed) {
    return switch (parsed) {
      case Parsed.Good(var message) -> {
        counts.received().accept(message);
        if (trace.on()) {
          trace.emit(
              new VoipEvent.Received(flow, message.title(), message.vitals().callId(), bytes));
        }
        if (!exchange.test(new ExchangeEvent.Received(message, flow))) {
          counts.overflowed().run();
        }
        yield true;
      }
      case Parsed.KeepAlive _ -> true;
      case Parsed.Malformed faulty -> {
        dropped(flow, faulty.reason(), bytes);
        if (faulty.request().isPresent()
            && !exchange.test(
                new ExchangeEvent.Faulty(
                    faulty.request().get(), flow, faulty.status(), faulty.reason()))) {
          counts.overflowed().run();
        }
        yield faulty.request().isPresent();
      }
    };
  }
}
