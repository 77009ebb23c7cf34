package dev.islet.voip.model;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The media of one call as the relay saw it, per leg and direction.
 *
 * @param a the caller's side
 * @param b the called side
 * @param streams every RTP stream of both sides, oldest first; a phone may use several, for example
 *     after a hold
 */
public record CallQuality(QualityLeg a, QualityLeg b, List<StreamQuality> streams) {
  public CallQuality {
    streams = List.copyOf(streams);
  }

  /** The stream of one side that had most packets: what a summary shows. */
  public Optional<StreamQuality> main(MediaLeg from) {
    return streams.stream()
        .filter(s -> s.from() == from)
        .max(Comparator.comparingLong(StreamQuality::packets));
  }

  /** Packets of all streams of both sides. */
  public long packets() {
    return streams.stream().mapToLong(StreamQuality::packets).sum();
  }
}
