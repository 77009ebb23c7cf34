/**
 * SIP on the wire: UDP, TCP and TLS, and the message parser of the JAIN-SIP reference
 * implementation.
 *
 * <p>The story of one packet: {@link dev.islet.voip.transport.sip.UdpEdge} takes a datagram with
 * the address it was sent to, {@link dev.islet.voip.transport.sip.SipCodec} makes a message of it,
 * {@link dev.islet.voip.transport.sip.Intake} traces it and offers it to the exchange. What the
 * exchange wants sent comes back through {@link dev.islet.voip.transport.sip.Switchboard}, by the
 * same path.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.transport.sip;
