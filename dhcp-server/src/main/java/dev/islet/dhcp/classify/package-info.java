/**
 * Kinds of clients: phones, machines that boot from the network, whatever an operator tells apart.
 *
 * <p>A packet's way: each {@link dev.islet.dhcp.classify.ClientClass} asks its {@link
 * dev.islet.dhcp.classify.Condition} whether a message is from one of its members; the classes a
 * client is in decide which pools it may use and what it is told beyond its subnet's options.
 */
@NullMarked
package dev.islet.dhcp.classify;

import org.jspecify.annotations.NullMarked;
