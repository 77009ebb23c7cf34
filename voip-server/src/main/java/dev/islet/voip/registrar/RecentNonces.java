package dev.islet.voip.registrar;

import dev.islet.voip.model.SipRequest;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Which nonce a request was just challenged with, so that the same request said again gets the same
 * answer again (RFC 3261 §8.2.7), although no transaction is kept for strangers.
 *
 * <p>Bounded: a flood pushes the oldest out, and then a repetition merely gets a fresh nonce.
 */
final class RecentNonces {
  private static final int KEPT = 1024;

  /** A client repeats a request for so long: 64 times T1. */
  private static final long LIFE = 32_000_000_000L;

  private record Asked(InetSocketAddress source, String branch, String callId, String cseq) {}

  private record Given(String nonce, long at) {}

  private final LinkedHashMap<Asked, Given> given =
      new LinkedHashMap<>(64) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Asked, Given> eldest) {
          return size() > KEPT;
        }
      };

  /** The nonce that this very request was given a moment ago, or a new one. */
  String nonce(long now, SipRequest request, InetSocketAddress source, Supplier<String> fresh) {
    var vitals = request.vitals();
    var asked =
        new Asked(
            source,
            vitals.via().branch().orElse(""),
            vitals.callId(),
            vitals.cseq().number() + " " + vitals.cseq().method());
    var before = given.get(asked);
    if (before != null && now - before.at() < LIFE) {
      return before.nonce();
    }
    var nonce = fresh.get();
    given.remove(asked); // a new place at the young end
    given.put(asked, new Given(nonce, now));
    return nonce;
  }
}
