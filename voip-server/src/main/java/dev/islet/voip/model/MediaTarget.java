package dev.islet.voip.model;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * Where a phone says it wants its media, and what it understands there; taken from its description.
 *
 * @param rtp where it wants RTP; what it sends should come from there too
 * @param rtcp where it wants RTCP: the port above unless {@code a=rtcp} says otherwise (RFC 3605)
 * @param direction what it wants; a holding phone sends no media for a while and that is no fault
 * @param payloads the payload types it listed, with their meaning
 */
public record MediaTarget(
    InetSocketAddress rtp,
    InetSocketAddress rtcp,
    MediaDirection direction,
    List<MediaPayload> payloads) {
  public MediaTarget {
    payloads = List.copyOf(payloads);
  }

  /** A phone of which only the address is known: RTCP on the port above, nothing said on codecs. */
  public static MediaTarget at(InetSocketAddress rtp) {
    var rtcp = new InetSocketAddress(rtp.getAddress(), Math.min(65_535, rtp.getPort() + 1));
    return new MediaTarget(rtp, rtcp, MediaDirection.SENDRECV, List.of());
  }
}
