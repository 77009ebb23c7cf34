/**
 * Calls between registered phones, as a back-to-back user agent (RFC 3261 §6): two dialogs, one to
 * each phone, with this server in between, so that media always passes through the relay and either
 * phone may sit behind whatever translates addresses.
 *
 * <p>The story of one packet: an INVITE of extension 100 for 101 has passed the door. {@link
 * dev.islet.voip.call.Calls} makes a {@link dev.islet.voip.call.Call} of it and asks where it is to
 * go. Ring 101, is the answer. The relay opens two pairs of ports; the description in the INVITE is
 * rewritten to name the one that B sends to; each phone that 101 has registered gets an INVITE of
 * its own. One rings: 100 hears 180. One answers: the others are cancelled, the winner is
 * acknowledged, and 100 gets the 200 with the description that names the other pair of ports. From
 * now on what one phone asks within the dialog (hold, DTMF by INFO, …) is asked of the other in its
 * dialog. A BYE from either ends both; so does a phone that no longer answers.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.call;
