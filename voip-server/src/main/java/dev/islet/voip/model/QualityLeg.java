package dev.islet.voip.model;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What the relay knows of one side of a call besides its streams.
 *
 * @param source where its media really comes from, once learned
 * @param roundTripMs last round trip between relay and phone, from RTCP reports
 * @param strangers packets dropped because they came from somewhere else
 * @param malformed packets dropped because they were no RTP or RTCP
 * @param throttled packets dropped because the phone sent more than any codec does
 * @param undelivered packets that could not be sent on to this phone
 */
public record QualityLeg(
    MediaLeg leg,
    Optional<InetSocketAddress> source,
    Optional<Double> roundTripMs,
    long strangers,
    long malformed,
    long throttled,
    long undelivered) {}
