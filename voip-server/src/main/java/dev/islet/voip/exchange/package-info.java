/**
 * The telephone exchange: one engine in which transactions, registrar and calls meet.
 *
 * <p>The story of one packet: a REGISTER has been read by the transport and comes as an event.
 * {@link dev.islet.voip.exchange.Exchange} gives it to the transactions, which know no such branch
 * and hand it up. It is not from a known scanner, it is for our domain, its credentials are right,
 * the registrar takes it. Out come two actions: keep this binding, send this 200. The hands perform
 * them in that order: nothing is promised to a phone that a power cut could undo.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.voip.exchange;
