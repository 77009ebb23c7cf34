/**
 * Where the parts meet: one engine that hands interfaces to RIP and the RIB, routes from RIP to the
 * RIB, best routes to the FIB and back to RIP.
 *
 * <p>The kernel says {@code eth0} has an address: the interface table notes it, a connected route
 * is announced, RIP opens a socket. A RIP datagram comes: the RIP engine announces a route, the RIB
 * finds it best, the FIB table answers with an add, and the RIP engine is told so that it tells the
 * others. Everything that comes in is a {@link dev.islet.router.hub.RouterInput}, everything that
 * goes out a {@link dev.islet.router.hub.RouterAction}; recorded inputs replay as a test.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.hub;
