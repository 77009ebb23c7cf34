/**
 * Names of clients.
 *
 * <p>A packet's way: what a client calls itself in option 81 or 12, or 39 of DHCPv6, becomes a safe
 * label in {@link dev.islet.dhcp.name.HostNames}, then a {@link dev.islet.dhcp.name.NameClaim} that
 * DNS is asked to hold, guarded by a {@link dev.islet.dhcp.name.Dhcid}.
 */
@NullMarked
package dev.islet.dhcp.name;

import org.jspecify.annotations.NullMarked;
