package dev.islet.dns.resolve;

/** What is left of the work one question may make, shared by all that it leads to. */
final class Budget {
  final long deadline;
  private int queries;
  private int lookups;

  Budget(WalkLimits limits, long now) {
    this.deadline = now + limits.total().toNanos();
    this.queries = limits.queries();
    this.lookups = limits.lookups();
  }

  boolean spent() {
    return queries <= 0;
  }

  void query() {
    queries--;
  }

  boolean lookup() {
    return lookups-- > 0;
  }
}
