/** Alerts: rules over samples, with patience and hysteresis, so that nobody is told of a blink. */
@NullMarked
package dev.islet.monitor.alert;

import org.jspecify.annotations.NullMarked;
