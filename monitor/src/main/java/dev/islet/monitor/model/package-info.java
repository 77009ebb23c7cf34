/**
 * What the monitor tells: a sample of the board and its services, as records that are the JSON of
 * the page.
 */
@NullMarked
package dev.islet.monitor.model;

import org.jspecify.annotations.NullMarked;
