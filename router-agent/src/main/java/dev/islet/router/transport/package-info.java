/**
 * The router's hands: the kernel's routing table over rtnetlink, RIP sockets, and the switch that
 * lets the kernel forward at all. What comes in is handed to the router's loop as {@link
 * dev.islet.router.hub.RouterInput}.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.transport;
