package dev.islet.voip.media;

import dev.islet.voip.model.MediaDirection;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaTarget;
import dev.islet.voip.model.QualityLeg;
import dev.islet.voip.model.StreamQuality;
import dev.islet.voip.wire.RtpView;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** One side of a call's media: where its phone is, and how well it is heard. Not thread-safe. */
final class LegMedia {
  /** More SSRCs than this from one phone push out the one with the fewest packets. */
  static final int MAX_STREAMS = 32;

  final SourceLatch rtp = new SourceLatch();
  final SourceLatch rtcp = new SourceLatch();
  final RoundTrip roundTrip = new RoundTrip();
  final PacketBudget budget = new PacketBudget();

  private final MediaLeg leg;
  private final PayloadTable payloads;
  private final ArrayList<StreamMeter> streams = new ArrayList<>(2);
  private int current;
  private MediaDirection direction = MediaDirection.SENDRECV;

  long strangers;
  long malformed;
  long throttled;
  long undelivered;

  LegMedia(MediaLeg leg, PayloadTable payloads) {
    this.leg = leg;
    this.payloads = payloads;
  }

  void expect(MediaTarget target) {
    direction = target.direction();
    rtp.expect(source(target.rtp().getAddress(), target.rtp().getPort()));
    rtcp.expect(source(target.rtcp().getAddress(), target.rtcp().getPort()));
  }

  /** An unspecified address is the old way to hold (RFC 3264 §8.4): media goes nowhere. */
  private static MediaSource source(InetAddress address, int port) {
    var source = new MediaSource();
    if (!address.isAnyLocalAddress() && !address.isMulticastAddress()) {
      source.set(new InetSocketAddress(address, port));
    }
    return source;
  }

  void open() {
    rtp.open();
    rtcp.open();
  }

  boolean flowing() {
    return direction == MediaDirection.SENDRECV;
  }

  /** Whether RTCP may come from there: the described place, or the host that RTP comes from. */
  boolean acceptRtcp(MediaSource source, long now) {
    boolean sameHost = rtp.learned().isSet() && rtp.learned().sameAddress(source);
    return (sameHost || rtcp.expected().same(source)) && rtcp.accept(source, now);
  }

  /** Whether RTCP on the RTP port is the phone's (RFC 5761); it never teaches a source. */
  boolean acceptMuxed(MediaSource source) {
    return rtp.learned().same(source) || !rtp.learned().isSet() && rtp.expected().same(source);
  }

  void rtpDestination(MediaSource out) {
    out.set(rtp.learned().isSet() ? rtp.learned() : rtp.expected());
  }

  void rtcpDestination(MediaSource out) {
    if (rtcp.learned().isSet()) {
      out.set(rtcp.learned());
    } else if (rtp.learned().isSet() && !rtp.learned().sameAddress(rtcp.expected())) {
      out.set(rtp.learned());
      out.port(Math.min(65_535, rtp.learned().port() + 1));
    } else {
      out.set(rtcp.expected());
    }
  }

  void measure(long now, RtpView packet) {
    meter(packet.ssrc()).on(now, packet);
  }

  private StreamMeter meter(int ssrc) {
    if (current < streams.size() && streams.get(current).ssrc() == ssrc) {
      return streams.get(current);
    }
    for (int i = 0; i < streams.size(); i++) {
      if (streams.get(i).ssrc() == ssrc) {
        current = i;
        return streams.get(i);
      }
    }
    if (streams.size() == MAX_STREAMS) {
      streams.remove(
          streams.stream().min(Comparator.comparingLong(StreamMeter::packets)).orElseThrow());
    }
    current = streams.size();
    streams.add(new StreamMeter(leg, ssrc, payloads));
    return streams.get(current);
  }

  List<StreamQuality> streams(Optional<Double> delayMs) {
    return streams.stream().map(s -> s.quality(delayMs)).toList();
  }

  QualityLeg quality() {
    return new QualityLeg(
        leg,
        rtp.learned().isSet() ? Optional.of(rtp.learned().toAddress()) : Optional.empty(),
        roundTrip.millis().map(Spread::micros),
        strangers,
        malformed,
        throttled,
        undelivered);
  }
}
