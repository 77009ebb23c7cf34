package dev.islet.dns.wire;

import dev.islet.dns.model.TsigAlgorithm;
import org.xbill.DNS.Name;

/**
 * A secret shared with whoever may sign as {@code name} (RFC 8945 section 4).
 *
 * @param secret the key of the HMAC; kept out of {@link #toString}
 */
public record TsigKey(Name name, TsigAlgorithm algorithm, byte[] secret) {
  @Override
  public String toString() {
    return "TsigKey[" + name + " " + algorithm.wireName() + "]";
  }
}
