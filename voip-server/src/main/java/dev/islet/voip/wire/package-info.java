/**
 * Bytes and their meaning: SIP messages, RTP and RTCP packets.
 *
 * <p>The story of one packet: {@link dev.islet.voip.wire.SipParser} takes the bytes of a REGISTER,
 * splits them into a start line, header fields and a body, and reads the five fields that every
 * decision needs; the others stay text until {@link dev.islet.voip.wire.Grammar} is asked for one.
 * {@link dev.islet.voip.wire.Compose} makes the answer from the request, {@link
 * dev.islet.voip.wire.SipWriter} prints it. RTP never becomes an object: {@link
 * dev.islet.voip.wire.RtpView} reads it where it lies.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.wire;
