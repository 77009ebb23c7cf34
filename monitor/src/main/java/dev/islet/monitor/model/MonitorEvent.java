package dev.islet.monitor.model;

import dev.islet.core.trace.TraceEvent;

/** What the monitor notices, for its trace. */
public sealed interface MonitorEvent extends TraceEvent {
  /** A service is in another state than before. */
  record StateChanged(String subject, String before, String after, String why)
      implements MonitorEvent {
    @Override
    public String note() {
      return subject + " was " + before + " and is " + after + (why.isEmpty() ? "" : ": " + why);
    }
  }

  /** An alert began or ended. */
  record Alerted(Alert alert) implements MonitorEvent {
    @Override
    public String note() {
      return (alert.over() ? "over: " : "") + alert.text();
    }
  }
}
