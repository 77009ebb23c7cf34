/**
 * Whether an answer of others is true (DNSSEC: RFC 4033 to 4035, 5155, 6840).
 *
 * <p>A question that neither zones nor cache can answer comes to {@link
 * dev.islet.dns.validate.ValidateEngine} before it goes to {@code resolve}. If denials proven
 * earlier answer it, that is the answer (RFC 8198). Else it is asked with its signatures, and the
 * answer is heard by {@link dev.islet.dns.validate.Judge}: set by set it follows the keys from a
 * trust anchor down to the zone that signed ({@link dev.islet.dns.validate.Trail}), checks the
 * signature, and for what is not there the proof. What it lacks on the way, DS and DNSKEY sets, it
 * names; the engine asks for them as anybody would and holds the hearing again with the new facts.
 * Keys and denials that were found true are remembered. A secure or insecure answer is given to
 * those who wait; a bogus one becomes SERVFAIL with a reason.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.validate;
