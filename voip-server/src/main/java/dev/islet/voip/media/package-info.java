/**
 * Media of calls: what a relay decides and measures, without its sockets.
 *
 * <p>One packet through this package: a phone's RTP packet lies in a buffer; the relay's thread
 * lets {@code RtpView} check it, asks the leg's source latch whether it comes from the phone or
 * from a stranger, gives sequence number, timestamp and arrival time to the stream's meter, and
 * sends the same bytes from the other leg's port. Nothing is allocated on the way. When the call
 * ends, the meters become {@link dev.islet.voip.model.StreamQuality} records.
 */
package dev.islet.voip.media;
