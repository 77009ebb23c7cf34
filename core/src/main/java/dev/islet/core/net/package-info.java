/**
 * Values of the network that every layer may use: link-layer addresses, prefixes, interfaces, and
 * packets with right checksums. Sockets are in {@link dev.islet.core.net.socket}.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.net;
