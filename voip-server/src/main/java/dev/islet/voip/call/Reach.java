package dev.islet.voip.call;

import dev.islet.voip.model.Binding;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.SipUri;
import dev.islet.voip.wire.Grammar;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a phone is to be asked, given what it says (its Contact) and where its messages come from.
 *
 * <p>If the Contact names the very address seen here, its port is taken too: the phone listens
 * there. If it names another address, something in between translates, and only the way the phone's
 * messages came leads back. So no switch for NAT is needed, and no Contact can send our messages to
 * a third party.
 */
final class Reach {
  private Reach() {}

  static Flow of(Binding binding) {
    return of(binding.contact(), binding.flow());
  }

  static Flow of(String contact, Flow seen) {
    var uri = Grammar.uri(contact);
    var address = uri.flatMap(Reach::literal);
    if (address.isEmpty() || !address.get().equals(seen.remote().getAddress())) {
      return seen;
    }
    int port = uri.get().port();
    if (port == 0) {
      port = seen.transport() == Flow.Transport.TLS ? 5061 : 5060;
    }
    return new Flow(
        seen.transport(),
        seen.local(),
        new InetSocketAddress(address.get(), port),
        seen.connection());
  }

  private static Optional<InetAddress> literal(SipUri uri) {
    var host = uri.host();
    var bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    try {
      return Optional.of(InetAddress.ofLiteral(bare));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // a name: it is not looked up
    }
  }

  /** Our own address on a flow, for Via, Contact and descriptions. */
  static String host(Flow flow) {
    var text = flow.local().getAddress().getHostAddress();
    return text.indexOf(':') >= 0 ? "[" + text + "]" : text;
  }

  /** Our Contact on a flow. */
  static String contact(Flow flow, String user) {
    var transport =
        switch (flow.transport()) {
          case UDP -> "";
          case TCP -> ";transport=tcp";
          case TLS -> ";transport=tls";
        };
    return "<sip:" + user + "@" + host(flow) + ":" + flow.local().getPort() + transport + ">";
  }
}
