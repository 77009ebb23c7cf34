package dev.islet.voip.call;

import dev.islet.voip.model.SipHeader;
import dev.islet.voip.model.SipMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is carried over from a message of one dialog into the message for the other. */
final class Carry {
  /** What is ours to answer, what belongs to one dialog or hop, and who somebody claims to be. */
  private static final Set<String> STAYS =
      Set.of(
          "via",
          "from",
          "to",
          "call-id",
          "cseq",
          "contact",
          "max-forwards",
          "route",
          "record-route",
          "content-length",
          "authorization",
          "proxy-authorization",
          "proxy-authenticate",
          "www-authenticate",
          "authentication-info",
          "supported",
          "require",
          "proxy-require",
          "unsupported",
          "allow",
          "allow-events",
          "session-expires",
          "min-se",
          "rseq",
          "rack",
          "user-agent",
          "server",
          "expires",
          "min-expires",
          "path",
          "service-route",
          "replaces",
          "join",
          "timestamp",
          "p-asserted-identity",
          "p-preferred-identity",
          "remote-party-id",
          "diversion",
          "history-info",
          "identity");

  /** What we understand. */
  static final SipHeader ALLOW =
      new SipHeader("Allow", "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, MESSAGE, REGISTER");

  /** Who we are. */
  static final SipHeader AGENT = new SipHeader("User-Agent", "Islet");

  private Carry() {}

  static List<SipHeader> over(SipMessage message) {
    var carried = new ArrayList<SipHeader>();
    for (var header : message.headers().all()) {
      if (!STAYS.contains(header.name().toLowerCase(Locale.ROOT))) {
        carried.add(header);
      }
    }
    return carried;
  }

  static boolean isSdp(SipMessage message) {
    return message.body().length > 0
        && message
            .headers()
            .first("Content-Type")
            .map(t -> t.split(";", 2)[0].strip().equalsIgnoreCase("application/sdp"))
            .orElse(false);
  }
}
