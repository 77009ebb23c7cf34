package dev.islet.voip.call;

import dev.islet.voip.media.Relay;
import dev.islet.voip.media.RelayCall;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.CallQuality;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import dev.islet.voip.model.SipMessage;
import dev.islet.voip.sdp.Sdp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The media of one call: rewrites descriptions so that each phone sends to the relay. */
final class MediaPlan {
  private final RelayCall relay;

  private MediaPlan(RelayCall relay) {
    this.relay = relay;
  }

  /** Opens ports; empty if there are none. */
  static Optional<MediaPlan> open(
      Relay relay, String callId, Flow a, List<Binding> phones, Consumer<MediaSilence> onSilence) {
    return switch (relay.open(callId, a.local().getAddress(), side(phones), onSilence)) {
      case Relay.Opened(var call) -> Optional.of(new MediaPlan(call));
      case Relay.Exhausted _ -> Optional.empty();
    };
  }

  /** Our address towards the phones; the wildcard if they are reached by different ones. */
  private static InetAddress side(List<Binding> phones) {
    var addresses = phones.stream().map(b -> b.flow().local().getAddress()).distinct().toList();
    return addresses.size() == 1 ? addresses.getFirst() : new InetSocketAddress(0).getAddress();
  }

  /** A description as it is to be shown to the other phone, or that it cannot be read. */
  record Rewritten(byte[] body, @Nullable Sdp original) {}

  /**
   * Rewrites what one phone wrote for the other.
   *
   * @param reader which phone is to read it
   * @param readerFlow how that phone is reached
   * @return empty if it is no usable description; a message without one comes back as it is
   */
  Optional<Rewritten> rewrite(SipMessage message, MediaLeg reader, Flow readerFlow) {
    if (!Carry.isSdp(message)) {
      return Optional.of(new Rewritten(message.body(), null));
    }
    int port = reader == MediaLeg.A ? relay.portA() : relay.portB();
    return Sdp.parse(message.body())
        .sdp()
        .map(
            sdp ->
                new Rewritten(sdp.withMedia(readerFlow.local().getAddress(), port).toBytes(), sdp));
  }

  /** Tells the relay where a phone wants its media. */
  void expect(MediaLeg writer, @Nullable Sdp sdp) {
    if (sdp != null) {
      sdp.target().ifPresent(target -> relay.expect(writer, target));
    }
  }

  void answered() {
    relay.answered();
  }

  CallQuality snapshot() {
    return relay.snapshot();
  }

  CallQuality end() {
    return relay.end();
  }
}
