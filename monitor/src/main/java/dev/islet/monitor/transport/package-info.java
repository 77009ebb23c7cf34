/**
 * Sockets: the page and its API, and the connections over which services are asked; and the
 * kernel's files.
 */
@NullMarked
package dev.islet.monitor.transport;

import org.jspecify.annotations.NullMarked;
