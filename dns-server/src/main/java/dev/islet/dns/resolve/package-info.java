/**
 * Asking others.
 *
 * <p>A question that neither our zones nor the cache can answer comes to {@link
 * dev.islet.dns.resolve.ResolveEngine}. If the same is under way, it waits with it; if too much is
 * under way, it is refused. Else it becomes a job with one of two ways to an answer:
 *
 * <ul>
 *   <li>{@code Forward} asks servers that resolve for us, chosen by how they behaved lately; {@code
 *       Scrubber} keeps of an answer only what answers the question.
 *   <li>{@code Walk} stands at the lowest zone known above the name ({@code Camp}), asks one of its
 *       servers ({@code Consultation}) for as much of the name as it must see ({@code Minimiser}),
 *       reads the reply as that of a server of this zone and no other ({@code Bailiwick}), and goes
 *       down by referrals. An alias's target and a server's address are jobs of their own; all that
 *       one question leads to shares one {@code Budget}.
 * </ul>
 *
 * <p>Both send through {@code Exchanges}: a random id, a random port, and for walks a random case
 * and a cookie. A datagram that comes back counts only if all of them are ours; a cut one is asked
 * again over TCP; silence and failure go to the next server. Everyone who waited gets the same
 * result; who waits too long gets what was true before, if that is known.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.resolve;
