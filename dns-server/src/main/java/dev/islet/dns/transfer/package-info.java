/**
 * Whole zones and their differences between servers: AXFR (RFC 5936), IXFR (RFC 1995), NOTIFY (RFC
 * 1996).
 *
 * <p>A zone changes, by an update, a reload or a transfer from its primary, and is published.
 * {@link dev.islet.dns.transfer.History} compares it with what was there, then {@link
 * dev.islet.dns.transfer.TransferEngine} tells the secondaries. A secondary asks for what it lacks;
 * {@link dev.islet.dns.transfer.TransferDesk} gives it the differences, or the whole where they are
 * not known any more.
 *
 * <p>The other way round, a {@link dev.islet.dns.transfer.Secondary} zone's timers, or a NOTIFY
 * that the desk let in, make the engine ask a primary: {@link
 * dev.islet.dns.transfer.TransferDialog} says what to send and makes a new zone of what comes, or a
 * fault of it. The engine has it kept on the {@link dev.islet.dns.transfer.Shelf} and published as
 * one.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.transfer;
