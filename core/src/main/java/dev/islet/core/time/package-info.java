/** The two clocks a service may read, and durations as people write them. */
@org.jspecify.annotations.NullMarked
package dev.islet.core.time;
