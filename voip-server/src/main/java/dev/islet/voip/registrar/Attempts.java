package dev.islet.voip.registrar;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many wrong credentials each address may still present: a bucket of tokens that refills with
 * time. Addresses beyond the table's size push out the one longest unseen.
 */
final class Attempts {
  private static final int ADDRESSES = 4096;

  private record Bucket(double tokens, long at) {}

  private final int burst;
  private final long refill;
  private final LinkedHashMap<InetAddress, Bucket> buckets =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetAddress, Bucket> eldest) {
          return size() > ADDRESSES;
        }
      };

  /**
   * @param burst how many failures at once
   * @param refill nanoseconds until one more is allowed
   */
  Attempts(int burst, long refill) {
    this.burst = burst;
    this.refill = refill;
  }

  /** Whether an address has used up its failures. */
  boolean exhausted(long now, InetAddress address) {
    var bucket = buckets.get(address);
    return bucket != null && level(bucket, now) < 1;
  }

  void failed(long now, InetAddress address) {
    var bucket = buckets.get(address);
    double tokens = bucket == null ? burst : level(bucket, now);
    buckets.put(address, new Bucket(Math.max(0, tokens - 1), now));
  }

  /** How many addresses are watched. */
  int watched() {
    return buckets.size();
  }

  private double level(Bucket bucket, long now) {
    return Math.min(burst, bucket.tokens() + (double) (now - bucket.at()) / refill);
  }
}
