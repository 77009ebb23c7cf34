package dev.islet.voip.media;

import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.MediaTarget;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.wire.MediaKind;
import dev.islet.voip.wire.RtcpView;
import dev.islet.voip.wire.RtpView;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Optional;

/**
 * The media of one call without its sockets: takes each packet, says whether it goes on and where
 * to, and measures. Time and packets are handed in. Thread-safe; the packet path allocates nothing.
 */
public final class CallMedia {
  /** What becomes of a packet. */
  public enum Verdict {
    /** It goes to the other phone, as it is. */
    FORWARD,
    /** It came from somewhere else than the phone; dropped. */
    STRANGER,
    /** It is no valid RTP, RTCP or DTLS; dropped. */
    MALFORMED,
    /** The phone sends more than any codec does; dropped. */
    THROTTLED,
    /** It goes nowhere, since nobody said where the other phone is. */
    UNDELIVERED
  }

  private final String callId;
  private final long silenceNanos;
  private final PayloadTable payloads = new PayloadTable();
  private final LegMedia a = new LegMedia(MediaLeg.A, payloads);
  private final LegMedia b = new LegMedia(MediaLeg.B, payloads);
  private final RtpView rtp = new RtpView();
  private final RtcpView rtcp = new RtcpView();

  private boolean answered;
  private boolean silenceTold;
  private long lastMediaAt;

  /**
   * @param silence after how much time without media {@link #silence} tells; zero for never
   */
  public CallMedia(String callId, Duration silence) {
    this.callId = callId;
    this.silenceNanos = silence.toNanos();
  }

  /** See {@link RelayCall#expect}. */
  public synchronized void expect(MediaLeg leg, MediaTarget target, long now) {
    payloads.learn(target.payloads());
    leg(leg).expect(target);
    lastMediaAt = now;
    silenceTold = false;
  }

  /** See {@link RelayCall#answered}. */
  public synchronized void answered(long now) {
    answered = true;
    lastMediaAt = now;
    a.open();
    b.open();
  }

  /**
   * Takes a packet that came in at the RTP port of a leg.
   *
   * @param source where it came from
   * @param now when it came
   * @param destination gets where it goes, if the verdict is FORWARD
   */
  public synchronized Verdict onRtpPort(
      MediaLeg from,
      ByteBuffer packet,
      int offset,
      int length,
      MediaSource source,
      long now,
      MediaSource destination) {
    var leg = leg(from);
    return switch (MediaKind.of(packet, offset, length)) {
      case RTP -> {
        if (rtp.wrap(packet, offset, length) != RtpView.Check.OK) {
          yield malformed(leg);
        }
        if (!leg.rtp.accept(source, now)) {
          yield stranger(leg);
        }
        if (!leg.budget.take(now)) {
          yield throttled(leg);
        }
        leg.measure(now, rtp);
        lastMediaAt = now;
        yield toRtp(from, destination);
      }
      case DTLS -> {
        if (!leg.rtp.accept(source, now)) {
          yield stranger(leg);
        }
        yield leg.budget.take(now) ? toRtp(from, destination) : throttled(leg);
      }
      case RTCP -> {
        if (!leg.acceptMuxed(source)) {
          yield stranger(leg);
        }
        yield report(from, packet, offset, length, now) ? toRtp(from, destination) : malformed(leg);
      }
      case STUN, OTHER -> malformed(leg);
    };
  }

  /** Takes a packet that came in at the RTCP port of a leg; as {@link #onRtpPort}. */
  public synchronized Verdict onRtcpPort(
      MediaLeg from,
      ByteBuffer packet,
      int offset,
      int length,
      MediaSource source,
      long now,
      MediaSource destination) {
    var leg = leg(from);
    if (MediaKind.of(packet, offset, length) != MediaKind.RTCP) {
      return malformed(leg);
    }
    if (!leg.acceptRtcp(source, now)) {
      return stranger(leg);
    }
    if (!report(from, packet, offset, length, now)) {
      return malformed(leg);
    }
    if (!leg.budget.take(now)) {
      return throttled(leg);
    }
    var to = leg(from.other());
    to.rtcpDestination(destination);
    return delivered(to, destination);
  }

  /** Reads the round trip out of a report; false if it is none. */
  private boolean report(MediaLeg from, ByteBuffer packet, int offset, int length, long now) {
    if (rtcp.wrap(packet, offset, length) != RtcpView.Check.OK) {
      return RtcpView.looksEncrypted(packet, offset, length);
    }
    var reporter = leg(from);
    var hearer = leg(from.other());
    while (rtcp.next()) {
      if (rtcp.senderReport()) {
        hearer.roundTrip.sent(now, rtcp.ssrc(), rtcp.middleNtp());
      }
      for (int i = 0; i < rtcp.blocks(); i++) {
        reporter.roundTrip.reported(now, rtcp, i);
      }
    }
    return true;
  }

  private Verdict toRtp(MediaLeg from, MediaSource destination) {
    var to = leg(from.other());
    to.rtpDestination(destination);
    return delivered(to, destination);
  }

  private static Verdict delivered(LegMedia to, MediaSource destination) {
    if (destination.isSet()) {
      return Verdict.FORWARD;
    }
    to.undelivered++;
    return Verdict.UNDELIVERED;
  }

  private static Verdict malformed(LegMedia leg) {
    leg.malformed++;
    return Verdict.MALFORMED;
  }

  private static Verdict stranger(LegMedia leg) {
    leg.strangers++;
    return Verdict.STRANGER;
  }

  private static Verdict throttled(LegMedia leg) {
    leg.throttled++;
    return Verdict.THROTTLED;
  }

  /** Counts a packet that the system refused to send to this leg's phone. */
  public synchronized void refused(MediaLeg to) {
    leg(to).undelivered++;
  }

  /** Whether there has been no media for too long in an answered call that nobody holds; once. */
  public synchronized Optional<MediaSilence> silence(long now) {
    if (!answered || silenceNanos == 0 || silenceTold || !a.flowing() || !b.flowing()) {
      return Optional.empty();
    }
    if (now - lastMediaAt < silenceNanos) {
      return Optional.empty();
    }
    silenceTold = true;
    return Optional.of(new MediaSilence(callId, Duration.ofNanos(now - lastMediaAt)));
  }

  /** The figures so far. */
  public synchronized CallQuality quality() {
    var both = a.roundTrip.millis().flatMap(x -> b.roundTrip.millis().map(y -> (x + y) / 2));
    var streams = new ArrayList<StreamQuality>(a.streams(both));
    streams.addAll(b.streams(both));
    streams.sort(Comparator.comparing(StreamQuality::first));
    return new CallQuality(a.quality(), b.quality(), streams);
  }

  private LegMedia leg(MediaLeg leg) {
    return leg == MediaLeg.A ? a : b;
  }
}
