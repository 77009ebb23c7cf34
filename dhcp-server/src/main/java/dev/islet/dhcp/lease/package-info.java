/**
 * Who has which address, and what every message deserves.
 *
 * <p>A packet's way: {@link dev.islet.dhcp.lease.Input.Arrived} comes into {@link
 * dev.islet.dhcp.lease.LeaseEngine}, which finds the client and its subnet and hands both to an
 * {@code Exchange}. That tells the client's state by the table of RFC 2131, asks {@code
 * SubnetLeases} which address may be given, has {@code LeaseTable} change it, and builds the reply
 * with {@code Replies}. What must be durable leaves as {@link dev.islet.dhcp.lease.Action.Keep},
 * what is said as {@link dev.islet.dhcp.lease.Action.Send}, in this order.
 */
@NullMarked
package dev.islet.dhcp.lease;

import org.jspecify.annotations.NullMarked;
