package dev.islet.monitor.board;

import org.jspecify.annotations.Nullable;

/**
 * The kernel's files as they were at one moment. A text that could not be read is null.
 *
 * @param nanos when, on a clock that never steps
 * @param device of the file system with the state, as major:minor
 * @param frequency kHz of the first core
 * @param temperature thousandths of a degree
 * @param throttled the firmware's flags
 * @param voltageAlarm of the hwmon device
 */
public record Readings(
    long nanos,
    @Nullable String stat,
    @Nullable String loadavg,
    @Nullable String meminfo,
    @Nullable String netDev,
    @Nullable String diskstats,
    @Nullable String device,
    @Nullable String frequency,
    @Nullable String temperature,
    @Nullable String throttled,
    @Nullable String voltageAlarm) {}
