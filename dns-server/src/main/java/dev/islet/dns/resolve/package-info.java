/**
 * Asking others.
 *
 * <p>A question that neither our zones nor the cache can answer comes to {@link
 * dev.islet.dns.resolve.ResolveEngine}. If the same is under way, it waits with it; if too much is
 * under way, it is refused. Else an upstream server is chosen by how it behaved lately, a random id
 * and a random port are drawn, and a datagram is asked for. A datagram that comes back counts only
 * if its source, id and question are ours; a cut one is asked again over TCP; silence and failure
 * go to the next server. {@link dev.islet.dns.resolve.Scrubber} keeps of an answer only what
 * answers the question. Everyone who waited gets the same result.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.resolve;
