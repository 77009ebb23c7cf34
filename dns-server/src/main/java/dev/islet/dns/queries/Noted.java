package dev.islet.dns.queries;

import dev.islet.dns.model.Source;

/**
 * A reply that was given.
 *
 * @param client the asker's address, as far as it may be remembered; empty for not at all
 * @param name asked for, with the last dot
 */
public record Noted(String client, String name, int type, int rcode, Source source) {
  /** Whether a rule decided, and not the truth. */
  public boolean blocked() {
    return source == Source.POLICY;
  }
}
