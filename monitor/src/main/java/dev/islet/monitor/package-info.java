/**
 * The monitor's front door: {@link dev.islet.monitor.MonitorServer} and what describes it, {@link
 * dev.islet.monitor.MonitorConfig} from a file or {@link dev.islet.monitor.Setup} in code.
 *
 * <p>Once a second the {@code Sampler} takes what the kernel's files and the services' metrics say,
 * makes one {@link dev.islet.monitor.model.Sample} of it, and hands that to those who look at the
 * page, to the history and to the alerts.
 */
@NullMarked
package dev.islet.monitor;

import org.jspecify.annotations.NullMarked;
