/**
 * The access log's lines. An answered request becomes an {@link dev.islet.web.log.AccessEntry};
 * {@link dev.islet.web.log.AccessFormat} writes it as text that log readers take.
 */
@NullMarked
package dev.islet.web.log;

import org.jspecify.annotations.NullMarked;
