/**
 * Session descriptions (RFC 8866) as phones exchange them (RFC 3264), read and rewritten.
 *
 * <p>One description through this package: the body of an INVITE comes in as bytes; {@link
 * dev.islet.voip.sdp.Sdp#parse} keeps every line as it stands and looks only at those that decide
 * where media goes. {@link dev.islet.voip.sdp.Sdp#target} tells the relay where the phone listens
 * and what its payload numbers mean. {@link dev.islet.voip.sdp.Sdp#withMedia} puts the relay's own
 * address and port in, refuses media the relay does not carry by port 0, and takes out what would
 * lead the phones around the relay. The other phone gets the bytes of that.
 */
package dev.islet.voip.sdp;
