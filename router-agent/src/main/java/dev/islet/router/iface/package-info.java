/**
 * The interfaces of this machine as the kernel tells of them.
 *
 * <p>The kernel says that {@code eth0} is there, then that it has carrier, then that it has an
 * address; {@link dev.islet.router.iface.IfaceTable} puts these together, in whatever order they
 * come, and answers the two questions the rest of the router has: which networks are we connected
 * to, and through which interface is a gateway reached?
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.iface;
