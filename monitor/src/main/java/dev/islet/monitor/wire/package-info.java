/** Readers of what services answer: metrics in the OpenMetrics text format, and JSON. */
@NullMarked
package dev.islet.monitor.wire;

import org.jspecify.annotations.NullMarked;
