/**
 * What is known about other name servers: which serve a zone and where they are ({@link
 * dev.islet.dns.infra.Delegations}), how each behaves ({@link dev.islet.dns.infra.Servers}), and
 * where all begins ({@link dev.islet.dns.infra.RootHints}).
 *
 * <p>A walk from the root asks for the closest zone it knows above a name, picks a server of it,
 * learns a deeper zone from a referral, and puts that back. Addresses that came with a referral are
 * used to reach that zone's servers and for nothing else: nobody's question is ever answered from
 * here.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.infra;
