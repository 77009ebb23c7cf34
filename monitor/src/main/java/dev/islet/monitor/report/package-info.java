/**
 * The report of a run: a table of what each service cost (the paper's Table II), charts of the
 * board (its Figure 7) and of the calls (its Figure 8), and what disturbed the measurement.
 */
@NullMarked
package dev.islet.monitor.report;

import org.jspecify.annotations.NullMarked;
