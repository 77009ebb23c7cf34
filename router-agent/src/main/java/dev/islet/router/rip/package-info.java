/**
 * RIP version 2 (RFC 2453) as a pure engine.
 *
 * <p>A datagram arrives on {@code eth0}: {@code rip.wire} reads it, {@code rip.neighbor} says
 * whether its sender may speak (a router of that very network, source port 520, the right proof)
 * and whether each entry makes sense. {@code rip.database} compares an entry with what is known and
 * adopts it if it is better or comes from the router that is used already; the route is announced
 * to the RIB. If it becomes the best one there, it comes back as {@link
 * dev.islet.router.rip.RipInput.BestChanged}, {@code rip.output} notes it as changed, and within
 * moments a triggered update tells the other interfaces; the interface it came from is told metric
 * 16, which is split horizon with poisoned reverse. A route that is not heard of for the time-out
 * goes the same way with metric 16.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.rip;
