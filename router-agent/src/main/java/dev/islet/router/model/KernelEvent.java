package dev.islet.router.model;

import dev.islet.core.net.Prefix;

/** What happened between the router and the kernel's routing table. */
public sealed interface KernelEvent extends RouterEvent {
  /**
   * A route was written.
   *
   * @param change {@code add}, {@code replace} or {@code delete}
   */
  record Programmed(Prefix prefix, String change, String via) implements KernelEvent {
    @Override
    public String note() {
      return change + " " + prefix + " via " + via + " in the kernel";
    }
  }

  /** The kernel refused a change; it is tried again at the next reconciliation. */
  record ProgramFailed(Prefix prefix, String change, String why) implements KernelEvent {
    @Override
    public String note() {
      return "the kernel refused to " + change + " " + prefix + ": " + why;
    }
  }

  /** Routes of an earlier life of this program were found and are kept for a grace time. */
  record Inherited(int routes, long graceSeconds) implements KernelEvent {
    @Override
    public String note() {
      return routes
          + " routes with our protocol number were in the kernel at start; those not learned again"
          + " within "
          + graceSeconds
          + " s are removed";
    }
  }

  /** Inherited routes that nobody announced again were removed. */
  record Swept(int routes) implements KernelEvent {
    @Override
    public String note() {
      return routes + " inherited routes were not learned again and are removed";
    }
  }

  /** An interface changed. */
  record LinkChanged(String nic, boolean up) implements KernelEvent {
    @Override
    public String note() {
      return nic + " is " + (up ? "up" : "down or gone");
    }
  }

  /** The kernel's table was compared with ours. */
  record Reconciled(String because, int changes) implements KernelEvent {
    @Override
    public String note() {
      return "compared with the kernel because "
          + because
          + "; "
          + (changes == 0 ? "nothing to mend" : changes + " changes mended it");
    }
  }
}
