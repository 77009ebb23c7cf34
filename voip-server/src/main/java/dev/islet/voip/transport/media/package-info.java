/**
 * The sockets of the media relay: {@link dev.islet.voip.transport.media.UdpRelay} gives every call
 * four ports and moves the packets; {@link dev.islet.voip.media.CallMedia} decides.
 */
package dev.islet.voip.transport.media;
