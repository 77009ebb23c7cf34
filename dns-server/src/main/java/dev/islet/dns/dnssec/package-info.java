/**
 * Signs zones of ours and proves what is not in them (RFC 4033 to 4035, 5155, 9276).
 *
 * <p>A zone comes unsigned to {@link dev.islet.dns.dnssec.Signing}, from a file or after an update.
 * {@link dev.islet.dns.dnssec.Rollover} moves its keys on if their time has come, {@link
 * dev.islet.dns.dnssec.ZoneSigner} makes the chain of NSEC or NSEC3 records and the signatures that
 * are missing or about to end, and keeps all others. What comes out is a zone like any other, with
 * its signatures as RRSIG records; zones that were signed elsewhere look the same. When somebody
 * asks with the DO bit, {@link dev.islet.dns.dnssec.Proofs} looks at the steps by which {@link
 * dev.islet.dns.zone.Authority} found its answer, and adds to each the signatures and denials that
 * prove it.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.dnssec;
