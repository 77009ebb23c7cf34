/** The history: what was measured, in rings of seconds, minutes and quarters of an hour. */
@NullMarked
package dev.islet.monitor.series;

import org.jspecify.annotations.NullMarked;
