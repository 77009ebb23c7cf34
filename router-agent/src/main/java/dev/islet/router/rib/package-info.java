/**
 * The hub: every route anybody knows, and the best one to each prefix.
 *
 * <p>RIP hears that {@code 10.9.0.0/16} is two hops away through {@code 192.168.7.2} and announces
 * it here. {@link dev.islet.router.rib.Rib} looks the gateway up among the connected networks,
 * compares with the other candidates (administrative distance, then metric), and if the answer has
 * changed tells one {@link dev.islet.router.rib.Rib.Change}: the FIB writes it to the kernel, RIP
 * tells it to its other neighbours. Protocols never speak to each other but through here.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.rib;
