package dev.islet.voip.model;

import java.time.Instant;
import java.util.Optional;

/**
 * How one RTP stream arrived at the relay: one SSRC from one phone. The figures agree with those of
 * Wireshark's stream list for the same packets; docs/protocols/rtp.md says how each is made.
 *
 * @param from whose phone sent it
 * @param ssrc the synchronisation source, unsigned
 * @param payload the first audio payload type seen, with its codec where that is known
 * @param first when its first packet came
 * @param last when its last packet came
 * @param packets received
 * @param bytes received, of RTP: header and payload
 * @param jitter interarrival jitter of RFC 3550 §6.4.1 in milliseconds; unknown while no
 *     description has told the clock rate of the payload type
 * @param delta time between packets as they came, in milliseconds
 * @param delayMs one-way delay from phone to phone, estimated as half the round trips that RTCP
 *     told; unknown without RTCP
 * @param mos listening quality from 1 to 4.5, estimated by ITU-T G.107; unknown for codecs without
 *     published figures
 */
public record StreamQuality(
    MediaLeg from,
    long ssrc,
    int payloadType,
    Optional<MediaPayload> payload,
    Instant first,
    Instant last,
    long packets,
    long bytes,
    StreamLoss loss,
    Optional<StreamSpread> jitter,
    StreamSpread delta,
    Optional<Double> delayMs,
    Optional<Double> mos) {}
