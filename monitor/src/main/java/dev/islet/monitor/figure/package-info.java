/** The numbers of each service that people look at, computed from two scrapes of its metrics. */
@NullMarked
package dev.islet.monitor.figure;

import org.jspecify.annotations.NullMarked;
