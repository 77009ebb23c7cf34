/**
 * What a service tells while it works: events with a sentence for people, for live listeners, as
 * JSON lines, and as captures that Wireshark opens.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.trace;
