package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.util.List;

/** What came of asking a primary. */
public sealed interface Outcome {
  /** It has nothing newer. */
  record UpToDate() implements Outcome {}

  /** The whole zone. */
  record Whole(Zone zone, long bytes) implements Outcome {}

  /** Differences, and the zone that they lead to. */
  record Changed(Zone zone, List<Difference> steps, long bytes) implements Outcome {
    public Changed {
      steps = List.copyOf(steps);
    }
  }

  /** Nothing that may be used; what is held stays. */
  record Failed(String why) implements Outcome {}
}
