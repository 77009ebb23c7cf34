/** Counters, gauges and histograms of a service in the OpenMetrics format. */
@org.jspecify.annotations.NullMarked
package dev.islet.core.metrics;
