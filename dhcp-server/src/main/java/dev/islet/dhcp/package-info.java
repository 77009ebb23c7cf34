/**
 * The front door: {@link dev.islet.dhcp.DhcpServer}, its configuration, and the wiring.
 *
 * <p>A packet's way: a {@code LinkSocket} hears it, the wire layer reads it, the engine's loop
 * decides, {@code DhcpOutlet} makes the decision durable, has the name put into DNS, and sends the
 * reply.
 */
@NullMarked
package dev.islet.dhcp;

import org.jspecify.annotations.NullMarked;
