/**
 * What the router talks about: routes, where they come from, how they leave, and what it tells the
 * world while it works. Values only; a route is made by a protocol, weighed in the RIB, written to
 * the kernel by the FIB, and each step is told as a {@link dev.islet.router.model.RouterEvent}.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.model;
