package dev.islet.core.service;

import java.util.List;

/** What came of asking a running service to take its configuration anew: all of it, or nothing. */
public sealed interface Reload {
  /**
   * The new configuration is in force.
   *
   * @param changed key paths whose value changed and took effect; empty if nothing differed
   * @param needsRestart key paths that changed but only take effect after a restart
   */
  record Applied(List<String> changed, List<String> needsRestart) implements Reload {
    public Applied {
      changed = List.copyOf(changed);
      needsRestart = List.copyOf(needsRestart);
    }
  }

  /** The old configuration stays in force. */
  record Refused(String why) implements Reload {}
}
