package dev.islet.dns.update;

import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.model.ReplyTo;
import dev.islet.dns.zone.Zone;

/**
 * What the {@link UpdateEngine} wants done, in this order; all of it after what was kept is safe.
 */
public sealed interface UpdateAction {
  /** Make this durable before anything is said about it. */
  record Keep(Change change) implements UpdateAction {}

  /** Let every new question see this zone. */
  record Publish(Zone zone) implements UpdateAction {}

  /**
   * Send a reply.
   *
   * @param failed what to send in its place if keeping failed
   */
  record Say(ReplyTo to, int rcode, byte[] message, byte[] failed) implements UpdateAction {}

  /** Tell who listens to the trace. */
  record Tell(DnsEvent event) implements UpdateAction {}
}
