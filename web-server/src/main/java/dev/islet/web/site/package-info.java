/**
 * Virtual hosts. A request's Host field, read by {@code wire.Authority}, is looked up in {@link
 * dev.islet.web.site.Sites}; the {@link dev.islet.web.site.Site} it finds holds the routes, and a
 * name nobody answers for is told so with 421 rather than shown somebody else's pages.
 */
@NullMarked
package dev.islet.web.site;

import org.jspecify.annotations.NullMarked;
