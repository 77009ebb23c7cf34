package dev.islet.voip.registrar;

import dev.islet.voip.model.SipRequest;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Knows phones that cannot stand a second challenge beside MD5.
 *
 * <p>A phone is to pick the challenge it understands (RFC 8760 §2.4), but some give up when any of
 * them is strange to them. They are known by what they call themselves, or because they come again
 * without credentials after having been offered both.
 */
final class Legacy {
  private static final int PHONES = 4096;

  private record Offered(String request, boolean again) {}

  private final List<String> agents;
  private final LinkedHashMap<InetSocketAddress, Offered> unanswered =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<InetSocketAddress, Offered> eldest) {
          return size() > PHONES;
        }
      };

  /**
   * @param agents parts of User-Agent, in lower case
   */
  Legacy(List<String> agents) {
    this.agents = agents;
  }

  /** Whether only MD5 had better be offered in answer to a request without credentials. */
  boolean needsMd5(SipRequest request, InetSocketAddress source) {
    var agent = request.headers().first("User-Agent").orElse("").toLowerCase(Locale.ROOT);
    for (var part : agents) {
      if (agent.contains(part)) {
        return true;
      }
    }
    var name = request.vitals().callId() + ' ' + request.vitals().cseq();
    var before = unanswered.get(source);
    if (before == null) {
      unanswered.put(source, new Offered(name, false));
      return false;
    }
    boolean again = before.again() || !before.request().equals(name);
    unanswered.put(source, new Offered(name, again));
    return again;
  }

  /** It answered a challenge with SHA-256 in it. */
  void understood(InetSocketAddress source) {
    unanswered.remove(source);
  }
}
