/**
 * RIP messages as bytes (RFC 2453 section 3.6 and 4; RFC 4822).
 *
 * <p>A datagram becomes a {@link dev.islet.router.rip.wire.Parsed}: either a message with whatever
 * proof of origin it carries, or the offset and reason of the fault. What the fields mean for the
 * router is not decided here; {@code rip.neighbor} asks {@link
 * dev.islet.router.rip.wire.Proof#check} whether the proof holds. The way back is {@link
 * dev.islet.router.rip.wire.RipCodec#write}, and {@link dev.islet.router.rip.wire.Explain} names
 * every byte for people.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.rip.wire;
