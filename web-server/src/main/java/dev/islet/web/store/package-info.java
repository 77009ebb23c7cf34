/**
 * The disk. {@link dev.islet.web.store.DiskTree} looks up the files of a folder without ever
 * leaving it; {@link dev.islet.web.store.AccessLog} writes the access logs.
 */
@NullMarked
package dev.islet.web.store;

import org.jspecify.annotations.NullMarked;
