/**
 * Networks and what is given out in them.
 *
 * <p>A packet's way: {@link dev.islet.dhcp.subnet.Link} tells where it came in, {@link
 * dev.islet.dhcp.subnet.Subnets} finds the {@link dev.islet.dhcp.subnet.Subnet} of its client,
 * whose {@link dev.islet.dhcp.subnet.Pool} and reservations say which addresses may be given.
 */
@NullMarked
package dev.islet.dhcp.subnet;

import org.jspecify.annotations.NullMarked;
