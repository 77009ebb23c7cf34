package dev.islet.dns.fast;

import dev.islet.core.net.Prefix;
import java.util.List;

/** Leaves the askers who see other zones to the slow lane; the fast one has the common zones. */
public final class Viewed implements Checkpoint {
  private final Networks clients;

  /**
   * @param clients the networks of all views; who signs a question takes the slow lane anyway
   */
  public Viewed(List<Prefix> clients) {
    this.clients = new Networks(clients);
  }

  @Override
  public boolean asks(FastQuestion question) {
    return !clients.allow(question.clientHigh(), question.clientLow());
  }
}
