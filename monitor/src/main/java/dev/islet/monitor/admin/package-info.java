/** The monitor's own metrics. */
@NullMarked
package dev.islet.monitor.admin;

import org.jspecify.annotations.NullMarked;
