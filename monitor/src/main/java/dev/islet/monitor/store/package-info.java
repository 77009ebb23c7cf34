/** The history on disk. */
@NullMarked
package dev.islet.monitor.store;

import org.jspecify.annotations.NullMarked;
