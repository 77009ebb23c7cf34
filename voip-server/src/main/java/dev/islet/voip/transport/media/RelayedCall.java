package dev.islet.voip.transport.media;

import dev.islet.core.net.socket.UdpPort;
import dev.islet.core.time.TimeSource;
import dev.islet.voip.media.CallMedia;
import dev.islet.voip.media.RelayCall;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.MediaTarget;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A call that has its four ports. */
final class RelayedCall implements RelayCall {
  /**
   * One of the four ports, as its socket's owner.
   *
   * @param leg whose phone sends to it
   */
  record Seat(RelayedCall call, MediaLeg leg, boolean rtcp) {}

  private final CallMedia media;
  private final TimeSource time;
  private final Consumer<MediaSilence> onSilence;
  private final Consumer<RelayedCall> onEnd;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** RTP and RTCP of A, then of B; complete before any packet is relayed. */
  private volatile List<UdpPort> ports = List.of();

  RelayedCall(
      CallMedia media,
      TimeSource time,
      Consumer<MediaSilence> onSilence,
      Consumer<RelayedCall> onEnd) {
    this.media = media;
    this.time = time;
    this.onSilence = onSilence;
    this.onEnd = onEnd;
  }

  void seated(List<UdpPort> four) {
    ports = List.copyOf(four);
  }

  CallMedia media() {
    return media;
  }

  /** The port that sends to a leg's phone; null while the call is being opened. */
  @Nullable UdpPort port(MediaLeg leg, boolean rtcp) {
    var four = ports;
    return four.isEmpty() ? null : four.get((leg == MediaLeg.A ? 0 : 2) + (rtcp ? 1 : 0));
  }

  List<UdpPort> seats() {
    return ports;
  }

  void watch(long now) {
    media.silence(now).ifPresent(onSilence);
  }

  @Override
  public int portA() {
    return seats().get(0).local().getPort();
  }

  @Override
  public int portB() {
    return seats().get(2).local().getPort();
  }

  @Override
  public void expect(MediaLeg leg, MediaTarget target) {
    media.expect(leg, target, time.now());
  }

  @Override
  public void answered() {
    media.answered(time.now());
  }

  @Override
  public CallQuality snapshot() {
    return media.quality();
  }

  @Override
  public CallQuality end() {
    if (ended.compareAndSet(false, true)) {
      onEnd.accept(this);
    }
    return media.quality();
  }
}
