/** What the services hold, read from their state: tables that filter, and the map of the house. */
@NullMarked
package dev.islet.monitor.house;

import org.jspecify.annotations.NullMarked;
