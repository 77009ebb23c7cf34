/**
 * Who may use the server and where each extension is reached.
 *
 * <p>The story of one packet: a REGISTER without credentials comes. {@link
 * dev.islet.voip.registrar.Authority} answers with two challenges, SHA-256 before MD5, whose nonce
 * it need not remember: time, chance and a keyed sum of them with the sender's address are in it.
 * The phone asks again with a digest. The sum fits, the time is not up, the count is higher than
 * the last one seen with this nonce, the digest is right: it is extension 100. {@link
 * dev.islet.voip.registrar.Registrar} reads the Contacts, orders them by Call-ID and CSeq, and
 * tells what changed; the change is on disk before the 200 leaves.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.registrar;
