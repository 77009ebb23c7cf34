/**
 * Zones of our own, and what they say.
 *
 * <p>A question for {@code www.home.arpa A} comes to {@link dev.islet.dns.zone.Authority}. It asks
 * {@link dev.islet.dns.zone.Zones}, an immutable set, for the zone with the longest matching name.
 * {@link dev.islet.dns.zone.Zone} walks from its top down to the name, label by label: a delegation
 * or a DNAME on the way ends the walk, a missing label leads to the wildcard of the closest name
 * that exists (RFC 4592). An alias starts the walk again at its target, in whichever zone that
 * lies, until an answer is found, the target is not ours, or the chain gets too long. All of it
 * reads one snapshot; a reload or an update makes new zones and swaps the reference in {@link
 * dev.islet.dns.zone.ZoneHolder}.
 *
 * <p>A zone is bytes: each name is one array ({@link dev.islet.dns.zone.Node}) in a hash table
 * whose pages an update shares with the zone before it. Sets are made of them when somebody asks
 * for values.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.zone;
