package dev.islet.voip.transaction;

import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.model.SipResponse;
import dev.islet.voip.wire.SipWriter;
import org.jspecify.annotations.Nullable;

/**
 * The answering side of one request: INVITE by RFC 3261 §17.2.1 and RFC 6026 §7.1, others by
 * §17.2.2.
 *
 * <p>An answered non-INVITE keeps its key, a timer and the bytes of the answer, nothing else.
 */
public final class ServerTransaction {
  /** States of both machines; not each occurs in both. */
  public enum State {
    /** No final answer yet (Trying and Proceeding). */
    PROCEEDING,
    /** A final answer was sent and is kept for repeats. */
    COMPLETED,
    /** INVITE: the ACK of a failure came; stragglers are swallowed. */
    CONFIRMED,
    /** INVITE: a 2xx was sent; the core repeats it, late INVITEs are swallowed. */
    ACCEPTED,
    /** Forgotten. */
    TERMINATED
  }

  /** Hears what becomes of an INVITE that is being answered. */
  public interface Watcher {
    /** The caller has given up before a final answer (RFC 3261 §9.2); answer 487. */
    void cancelled(long now);
  }

  private final Transactions all;
  private final String key;
  private final Flow reply;
  private final boolean invite;
  private State state = State.PROCEEDING;
  private @Nullable SipRequest request;
  private @Nullable Watcher watcher;
  private byte @Nullable [] last;
  private String lastTitle = "";
  private final String callId;
  private Timers.@Nullable Timer repeat;
  private Timers.@Nullable Timer end;
  private long interval;

  ServerTransaction(Transactions all, String key, Flow reply, SipRequest request) {
    this.all = all;
    this.key = key;
    this.reply = reply;
    this.request = request;
    this.callId = request.vitals().callId();
    this.invite = request.method().equals("INVITE");
  }

  /** Where it stands. */
  public State state() {
    return state;
  }

  /** The path its answers take. */
  public Flow reply() {
    return reply;
  }

  /** Has the watcher told when a CANCEL comes. */
  public void watch(Watcher watcher) {
    this.watcher = watcher;
  }

  String key() {
    return key;
  }

  boolean isInvite() {
    return invite;
  }

  /**
   * Answers. A provisional answer is kept for repeats, a final one ends the core's part, but a 2xx
   * to an INVITE is to be sent again by the core until its ACK: {@link #again2xx}. After a final
   * answer further ones are ignored.
   */
  public void respond(long now, SipResponse response) {
    if (state != State.PROCEEDING) {
      return;
    }
    var bytes = SipWriter.write(response);
    last = bytes;
    lastTitle = response.title();
    all.sender().send(reply, lastTitle, callId, bytes);
    if (!response.isFinal()) {
      return;
    }
    request = null;
    if (!invite) {
      // Timer J
      finish(now, State.COMPLETED, reply.transport().reliable() ? 0 : TimerValues.GIVE_UP);
      return;
    }
    watcher = null;
    if (response.isSuccess()) {
      finish(now, State.ACCEPTED, TimerValues.GIVE_UP); // timer L
      return;
    }
    finish(now, State.COMPLETED, TimerValues.GIVE_UP); // timer H
    if (!reply.transport().reliable()) {
      interval = TimerValues.T1;
      repeat = all.timers().at(now + interval, this::repeatFailure); // timer G
    }
  }

  /** Sends the kept 2xx once more, for the core (RFC 3261 §13.3.1.4). */
  public void again2xx() {
    if (last != null) {
      all.sender().send(reply, lastTitle, callId, last);
    }
  }

  /** The same request came again. */
  void again() {
    switch (state) {
      case PROCEEDING, COMPLETED -> {
        if (last != null) {
          all.sender().send(reply, lastTitle, callId, last);
        }
      }
      case CONFIRMED, ACCEPTED, TERMINATED -> {}
    }
  }

  /** An ACK of this branch came: it can only be for a failure. */
  boolean acked(long now) {
    return switch (state) {
      case COMPLETED -> {
        cancel(repeat);
        cancel(end);
        // Timer I
        finish(now, State.CONFIRMED, reply.transport().reliable() ? 0 : TimerValues.T4);
        yield true;
      }
      case CONFIRMED, TERMINATED -> true;
      case PROCEEDING, ACCEPTED -> false;
    };
  }

  /** Tells the core of a CANCEL, if it still can be obeyed. */
  void cancelled(long now) {
    if (state == State.PROCEEDING && watcher != null) {
      var hears = watcher;
      watcher = null;
      hears.cancelled(now);
    }
  }

  /** Ends at once: the table is full, or the path is gone. */
  void drop() {
    cancel(repeat);
    cancel(end);
    state = State.TERMINATED;
    last = null;
    request = null;
    watcher = null;
  }

  private void finish(long now, State next, long keep) {
    state = next;
    if (keep == 0) {
      all.forget(this);
    } else {
      end = all.timers().at(now + keep, at -> all.forget(this));
    }
  }

  private void repeatFailure(long now) {
    if (state == State.COMPLETED && last != null) {
      all.sender().send(reply, lastTitle, callId, last);
      interval = Math.min(2 * interval, TimerValues.T2);
      repeat = all.timers().at(now + interval, this::repeatFailure);
    }
  }

  private static void cancel(Timers.@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
