package dev.islet.voip.transaction;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.model.Vitals;
import dev.islet.voip.wire.Compose;
import dev.islet.voip.wire.SipWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The asking side of one request: INVITE by RFC 3261 §17.1.1 and RFC 6026 §7.2, others by §17.1.2.
 */
public final class ClientTransaction {
  /** States of both machines. */
  public enum State {
    /** Nothing heard yet. */
    TRYING,
    /** A provisional answer came. */
    PROCEEDING,
    /** A final answer came; copies are swallowed, failures of an INVITE acknowledged again. */
    COMPLETED,
    /** INVITE: a 2xx came; further ones go to the core, which acknowledges each. */
    ACCEPTED,
    /** Forgotten. */
    TERMINATED
  }

  /** Why no answer will come. */
  public enum Failure {
    /** 64 T1 have passed (timer B or F). */
    TIMEOUT,
    /** The path is gone. */
    TRANSPORT
  }

  /** Hears the answers. */
  public interface Watcher {
    /** Each new answer; of an INVITE also each copy of a 2xx. */
    void answered(long now, SipResponse response, Flow from);

    /** No final answer will come. */
    void failed(long now, Failure why);
  }

  private final Transactions all;
  private final String key;
  private final Flow flow;
  private final SipRequest request;
  private final byte[] bytes;
  private final boolean invite;
  private final Watcher watcher;
  private State state = State.TRYING;
  private byte @Nullable [] ack;
  private Timers.@Nullable Timer repeat;
  private Timers.@Nullable Timer end;
  private long interval = TimerValues.T1;
  private boolean cancelWanted;
  private boolean cancelSent;

  ClientTransaction(Transactions all, String key, Flow flow, SipRequest request, Watcher watcher) {
    this.all = all;
    this.key = key;
    this.flow = flow;
    this.request = request;
    this.watcher = watcher;
    this.invite = request.method().equals("INVITE");
    this.bytes = SipWriter.write(request);
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** What was asked. */
  public SipRequest request() {
    return request;
  }

  /** The path it took. */
  public Flow flow() {
    return flow;
  }

  String key() {
    return key;
  }

  void begin(long now) {
    send(bytes, request.title());
    end = all.timers().at(now + TimerValues.GIVE_UP, at -> fail(at, Failure.TIMEOUT)); // B, F
    if (!flow.transport().reliable()) {
      repeat = all.timers().at(now + interval, this::again); // A, E
    }
  }

  /**
   * Takes an INVITE back. The CANCEL waits for a first answer (RFC 3261 §9.1); if 64 T1 after it no
   * final answer has come, the transaction fails.
   */
  public void cancel(long now) {
    if (!invite || cancelWanted || state != State.TRYING && state != State.PROCEEDING) {
      return;
    }
    cancelWanted = true;
    if (state == State.PROCEEDING) {
      sendCancel(now);
    }
  }

  void receive(long now, SipResponse response, Flow from) {
    switch (state) {
      case TRYING, PROCEEDING -> {
        if (response.isFinal()) {
          finalAnswer(now, response, from);
        } else {
          provisional(now, response, from);
        }
      }
      case COMPLETED -> {
        if (invite && response.isFinal() && ack != null) {
          send(ack, "ACK " + request.uri());
        }
      }
      case ACCEPTED -> {
        if (response.isSuccess()) {
          watcher.answered(now, response, from);
        }
      }
      case TERMINATED -> {}
    }
  }

  void fail(long now, Failure why) {
    if (state == State.TRYING || state == State.PROCEEDING) {
      stop();
      state = State.TERMINATED;
      all.forget(this);
      watcher.failed(now, why);
    }
  }

  private void provisional(long now, SipResponse response, Flow from) {
    boolean first = state == State.TRYING;
    state = State.PROCEEDING;
    if (invite) {
      if (first) {
        stop(); // from here on the core decides how long to wait
      }
      if (cancelWanted && !cancelSent) {
        sendCancel(now);
      }
    }
    watcher.answered(now, response, from);
  }

  private void finalAnswer(long now, SipResponse response, Flow from) {
    stop();
    boolean reliable = flow.transport().reliable();
    if (!invite) {
      keep(now, State.COMPLETED, reliable ? 0 : TimerValues.T4); // timer K
    } else if (response.isSuccess()) {
      keep(now, State.ACCEPTED, TimerValues.GIVE_UP); // timer M
    } else {
      ack = SipWriter.write(acknowledge(response));
      send(ack, "ACK " + request.uri());
      keep(now, State.COMPLETED, reliable ? 0 : TimerValues.GIVE_UP); // timer D
    }
    watcher.answered(now, response, from);
  }

  /** The ACK of a failure belongs to this transaction and has its branch (RFC 3261 §17.1.1.3). */
  private SipRequest acknowledge(SipResponse response) {
    return sibling("ACK", Optional.of(response));
  }

  private SipRequest sibling(String method, Optional<SipResponse> response) {
    var own = request.vitals();
    var to = response.map(r -> r.vitals().to()).orElse(own.to());
    var cseq = new dev.islet.voip.model.CSeq(own.cseq().number(), method);
    List<SipHeader> routes = new ArrayList<>();
    for (var header : request.headers().all()) {
      if (header.is("Route")) {
        routes.add(header);
      }
    }
    var vitals = new Vitals(own.via(), cseq, own.callId(), own.from(), to);
    return Compose.request(method, request.uri(), vitals, routes, Compose.NO_BODY);
  }

  private void sendCancel(long now) {
    cancelSent = true;
    all.begin(now, sibling("CANCEL", Optional.empty()), flow, Unheard.INSTANCE);
    stop();
    end = all.timers().at(now + TimerValues.GIVE_UP, at -> fail(at, Failure.TIMEOUT));
  }

  private void again(long now) {
    send(bytes, request.title());
    if (invite) {
      interval *= 2;
    } else {
      interval =
          state == State.PROCEEDING ? TimerValues.T2 : Math.min(2 * interval, TimerValues.T2);
    }
    repeat = all.timers().at(now + interval, this::again);
  }

  private void keep(long now, State next, long time) {
    state = next;
    if (time == 0) {
      state = State.TERMINATED;
      all.forget(this);
    } else {
      end =
          all.timers()
              .at(
                  now + time,
                  at -> {
                    state = State.TERMINATED;
                    all.forget(this);
                  });
    }
  }

  private void stop() {
    if (repeat != null) {
      repeat.cancel();
    }
    if (end != null) {
      end.cancel();
    }
  }

  private void send(byte[] message, String title) {
    all.sender().send(flow, title, request.vitals().callId(), message);
  }

  /** For requests whose answer changes nothing. */
  private enum Unheard implements Watcher {
    INSTANCE;

    @Override
    public void answered(long now, SipResponse response, Flow from) {}

    @Override
    public void failed(long now, Failure why) {}
  }
}
