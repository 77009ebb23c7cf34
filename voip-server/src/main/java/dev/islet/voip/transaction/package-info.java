/**
 * SIP transactions (RFC 3261 §17 with RFC 6026), as pure state machines on virtual time.
 *
 * <p>The story of one packet: an INVITE arrives over UDP. {@link
 * dev.islet.voip.transaction.Transactions#receive} notes in its Via where it really came from (RFC
 * 3581), looks for a transaction of that branch, finds none and makes one. The core answers 100 and
 * the answer is kept. The phone, not having heard it in time, sends its INVITE again: now the
 * transaction is found, the kept answer goes out once more, and the core hears nothing of it. When
 * the core answers 486 the machine repeats that answer at T1, 2T1, 4T1… until the ACK comes, waits
 * T4 for stragglers, and forgets. If the core answers 200 instead, repeating it is the core's
 * matter (§13.3.1.4); the machine only swallows late copies of the INVITE for 64 T1.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.transaction;
