/** Homes on disk and the transfer log. */
@NullMarked
package dev.islet.ftp.store;

import org.jspecify.annotations.NullMarked;
