/**
 * The sockets, and Undertow on them.
 *
 * <p>{@link dev.islet.web.transport.Listeners} accepts a connection and counts it in; {@code
 * GuardedSource} lets Undertow see one well-framed request at a time; {@link
 * dev.islet.web.transport.Front} finds site and route. Files in memory are answered on the I/O
 * thread, others on a virtual one, by {@code FileSender}; handlers run on virtual threads; {@code
 * Upstreams} wraps Undertow's proxy. When the answer is out the {@link
 * dev.islet.web.transport.Watcher} is told.
 */
@NullMarked
package dev.islet.web.transport;

import org.jspecify.annotations.NullMarked;
