/**
 * The fast lane: questions that a receiving thread answers at once, without making one object.
 *
 * <p>{@link dev.islet.dns.fast.FastLane} takes the bytes of a message. What has the plain form of
 * {@link dev.islet.dns.fast.FastQuestion} and lies in a zone of ours is answered out of the zone's
 * bytes, exactly as {@code chain}, {@code zone.Authority}, {@code dnssec.Proofs} and {@code
 * wire.ResponseWriter} would (the slow lane); everything else it leaves to them. {@code
 * FastLaneTest} holds the two together, byte for byte: a change to what they say belongs here too,
 * or behind the switch.
 *
 * <p><b>The switch.</b> {@link dev.islet.dns.fast.FastSwitch} holds {@link
 * dev.islet.dns.fast.FastRules}, put there with every set of rules. A feature that treats some
 * clients or some names in another way does one of three things there:
 *
 * <ul>
 *   <li>it closes the lane: {@code FastRules.CLOSED};
 *   <li>it adds a {@link dev.islet.dns.fast.Checkpoint}, which sees each question before and each
 *       answer after it is made, and sends those it cares about to the slow lane;
 *   <li>it needs nothing, since its questions have a form that the lane does not take: TSIG, other
 *       operations than a query.
 * </ul>
 *
 * <p>Of questions that come at once, {@link dev.islet.dns.fast.Foresight} reads what the first
 * steps of all look-ups need before the first is answered.
 *
 * <p>While anybody listens to the trace the lane is closed, so that every event is told.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.fast;
