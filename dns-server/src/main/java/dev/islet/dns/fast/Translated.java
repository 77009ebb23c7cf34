package dev.islet.dns.fast;

import dev.islet.core.net.Prefix;
import java.util.List;
import org.xbill.DNS.Type;

/** Leaves to the slow lane what is answered otherwise for askers behind a translator (RFC 6147). */
public final class Translated implements Checkpoint {
  private final Networks clients;

  /**
   * @param clients their networks
   */
  public Translated(List<Prefix> clients) {
    this.clients = new Networks(clients);
  }

  @Override
  public boolean asks(FastQuestion question) {
    int type = question.type();
    return type != Type.AAAA && type != Type.PTR
        || !clients.allow(question.clientHigh(), question.clientLow());
  }
}
