/**
 * Simulated clients, for tests, loads and programs that embed the server.
 *
 * <p>A packet's way: a {@link dev.islet.dhcp.client.SimulatedClient} says something because it was
 * started or because its time has come; whoever carries the message, a socket or a {@link
 * dev.islet.dhcp.client.VirtualWire}, gives the answer back to it. The client knows neither: time
 * and chance are handed in, so that a year takes a second.
 */
@NullMarked
package dev.islet.dhcp.client;

import org.jspecify.annotations.NullMarked;
