/**
 * Dynamic updates (RFC 2136).
 *
 * <p>A signed message comes to {@link dev.islet.dns.update.UpdateEngine} on its own thread. The
 * signature is checked before anything is parsed, then the zone section, then {@link
 * dev.islet.dns.update.Updater} weighs the prerequisites against the zone, asks the zone's {@link
 * dev.islet.dns.policy.UpdatePolicy} about every record, and applies all or nothing to a copy. The
 * engine says, in this order: keep this entry, publish this zone, send this reply. The hands behind
 * it make the entry durable before the reply leaves, several updates at a time.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.update;
