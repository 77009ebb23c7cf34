package dev.islet.voip.media;

import dev.islet.core.time.TimeSource;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.StreamLoss;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.wire.RtpView;
import java.util.Optional;

/**
 * Measures one RTP stream: one SSRC from one phone. Not thread-safe.
 *
 * <p>Jitter is that of RFC 3550 §6.4.1 and A.8: for each packet the difference D between how far
 * apart it and the packet before arrived and how far apart their timestamps are, smoothed by {@code
 * J += (|D| - J) / 16}. It is computed in the order of arrival, late and duplicate packets
 * included, as A.8 does. What stays out:
 *
 * <ul>
 *   <li>keys pressed (RFC 4733): their timestamp stands still while the key is down, so they are
 *       neither compared nor compared with;
 *   <li>packets with the marker bit, comfort noise and the packet after it: between them was
 *       silence, during which a phone's clock may be set anew; J goes on, but they do not enter
 *       minimum, mean, maximum, nor does the pause count as a delta;
 *   <li>the packet at which the clock rate changes, packets of unknown clock rate, and packets
 *       where the sequence numbers start anew.
 * </ul>
 */
final class StreamMeter {
  private final MediaLeg from;
  private final int ssrc;
  private final PayloadTable payloads;
  private final SequenceTracker sequence = new SequenceTracker();
  private final Spread jitters = new Spread();
  private final Spread deltas = new Spread();

  private long firstAt;
  private long lastAt;
  private long packets;
  private long bytes;
  private int payloadType = -1;
  private boolean afterComfort;

  /** The packet that the next one's timestamp is compared with: clock rate 0 for none. */
  private int comparedRate;

  private long comparedAt;
  private int comparedTimestamp;

  /** J in milliseconds. */
  private double jitter;

  private boolean jitterKnown;

  StreamMeter(MediaLeg from, int ssrc, PayloadTable payloads) {
    this.from = from;
    this.ssrc = ssrc;
    this.payloads = payloads;
  }

  int ssrc() {
    return ssrc;
  }

  long packets() {
    return packets;
  }

  StreamLoss loss() {
    return sequence.loss();
  }

  /**
   * Takes a packet.
   *
   * @param now when it arrived, in nanoseconds of {@link TimeSource#now}
   */
  void on(long now, RtpView rtp) {
    on(now, rtp.sequence(), rtp.timestamp(), rtp.payloadType(), rtp.marker(), rtp.length());
  }

  void on(long now, int number, int timestamp, int type, boolean marker, int length) {
    packets++;
    bytes += length;
    boolean comfort = payloads.comfortNoise(type);
    boolean event = payloads.telephoneEvent(type);
    if (payloadType < 0 || !audible(payloadType) && audible(type)) {
      payloadType = type;
    }
    var place = sequence.on(number);
    if (packets == 1) {
      firstAt = now;
    } else {
      boolean counts = !marker && !comfort && !afterComfort;
      if (counts) {
        deltas.add((now - lastAt) / 1e6, packets - 1);
      }
      if (!event) {
        smooth(now, timestamp, payloads.clockRate(type), place, counts);
      }
    }
    if (!event && place != SequenceTracker.Place.JUMP) {
      comparedAt = now;
      comparedTimestamp = timestamp;
      comparedRate = payloads.clockRate(type);
      jitterKnown |= comparedRate != 0;
    }
    afterComfort = comfort;
    lastAt = now;
  }

  private void smooth(
      long now, int timestamp, int rate, SequenceTracker.Place place, boolean counts) {
    boolean unsure = place == SequenceTracker.Place.JUMP || place == SequenceTracker.Place.RESTART;
    if (unsure || rate == 0 || rate != comparedRate) {
      return;
    }
    double apart = (now - comparedAt) / 1e6;
    // The difference of two timestamps is right across the wrap at 2^32 because int wraps too.
    double meant = (timestamp - comparedTimestamp) * 1_000.0 / rate;
    jitter += (Math.abs(apart - meant) - jitter) / 16;
    if (counts) {
      jitters.add(jitter, packets - 1);
    }
  }

  private boolean audible(int type) {
    return !payloads.comfortNoise(type) && !payloads.telephoneEvent(type);
  }

  /**
   * The figures so far.
   *
   * @param delayMs one-way delay estimate, if RTCP told
   */
  StreamQuality quality(Optional<Double> delayMs) {
    var payload = payloads.payload(Math.max(0, payloadType));
    var loss = loss();
    return new StreamQuality(
        from,
        Integer.toUnsignedLong(ssrc),
        payloadType,
        payload,
        TimeSource.instant(firstAt),
        TimeSource.instant(lastAt),
        packets,
        bytes,
        loss,
        jitterKnown ? Optional.of(jitters.spread()) : Optional.empty(),
        deltas.spread(),
        delayMs.map(Spread::micros),
        payload.flatMap(p -> EModel.mos(p.codec(), loss.missingPercent(), delayMs)));
  }
}
