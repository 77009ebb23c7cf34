package dev.islet.voip;

import dev.islet.voip.call.CallRules;
import dev.islet.voip.exchange.ExchangeRules;
import dev.islet.voip.media.RelayOptions;
import dev.islet.voip.registrar.Authority;
import dev.islet.voip.registrar.Registrar;
import dev.islet.voip.transport.sip.StreamLimits;
import java.util.Locale;
import java.util.stream.Collectors;

/** Turns the configuration into the rules of each part. */
final class Plan {
  private Plan() {}

  static ExchangeRules exchange(VoipConfig config, boolean asksRouting) {
    var auth = config.auth();
    var registration = config.registration();
    var calls = config.calls();
    return new ExchangeRules(
        config.domain().toLowerCase(Locale.ROOT),
        config.aliases().stream().map(a -> a.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()),
        config.limits().transactions(),
        auth.scanners().stream().map(s -> s.toLowerCase(Locale.ROOT)).toList(),
        asksRouting,
        new Authority.Rules(
            config.domain(),
            auth.algorithms(),
            auth.nonceLife().toNanos(),
            auth.failures(),
            auth.refill().toNanos(),
            auth.md5Only().stream().map(s -> s.toLowerCase(Locale.ROOT)).toList()),
        new Registrar.Rules(
            registration.min().toSeconds(),
            registration.usual().toSeconds(),
            registration.max().toSeconds(),
            registration.contacts()),
        new CallRules(
            config.domain(),
            calls.max(),
            calls.perExtension(),
            calls.ring().toNanos(),
            calls.longest().toNanos(),
            calls.check().toNanos()));
  }

  static RelayOptions relay(VoipConfig config) {
    var rtp = config.rtp();
    return new RelayOptions(
        rtp.ports().first(),
        rtp.ports().last(),
        rtp.quarantine(),
        rtp.silence(),
        config.calls().max());
  }

  static StreamLimits streams(VoipConfig config) {
    var limits = config.limits();
    return new StreamLimits(
        limits.connections(),
        limits.connectionsPerAddress(),
        limits.idle(),
        limits.message(),
        limits.messageBytes());
  }
}
