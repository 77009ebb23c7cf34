/**
 * What answers below a path: files, another server, another address, code.
 *
 * <p>A request for {@code /docs/a.html} comes with its path taken apart. {@link
 * dev.islet.web.route.Route#choose} finds the route with the longest matching path. For files,
 * {@link dev.islet.web.route.Files} asks the {@link dev.islet.web.route.Tree} what lies there,
 * chooses the representation the client likes best, weighs the conditions and ranges of the
 * request, and says in a {@link dev.islet.web.route.FileAnswer} what to send. For a proxy, {@link
 * dev.islet.web.route.Forwarding} decides which fields pass in either direction. All of it is plain
 * computation; disks and sockets lie elsewhere.
 */
@NullMarked
package dev.islet.web.route;

import org.jspecify.annotations.NullMarked;
