/**
 * The way of a question through the server.
 *
 * <p>{@link dev.islet.dns.chain.Gate} looks at the form of a message: what is no request gets
 * silence, what is broken gets FORMERR, an update goes to {@code update}. A question becomes a
 * {@link dev.islet.dns.model.Request} and enters {@link dev.islet.dns.chain.Chain}, whose one
 * method shows the order of all handlers: access, special names, zones, code, cache, forwarding;
 * {@link dev.islet.dns.chain.Translation} may make IPv6 addresses of what they say. What it decides
 * becomes bytes back in the gate, at once or when an upstream server has answered.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.chain;
