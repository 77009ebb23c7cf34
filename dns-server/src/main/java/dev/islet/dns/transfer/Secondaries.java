package dev.islet.dns.transfer;

import dev.islet.core.engine.Engine;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.zone.Zone;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * The timers of zones that come from other servers (RFC 1034 section 4.3.5): ask after REFRESH,
 * after RETRY if that failed, give up the copy after EXPIRE without an answer. A NOTIFY makes it
 * ask at once. Each zone has at most one exchange under way, all together at most {@link
 * #UNDER_WAY}.
 */
final class Secondaries {
  private static final int UNDER_WAY = 8;
  private static final long SECOND = 1_000_000_000L;

  /** SOA timers outside of these bounds are taken as the nearest bound, in seconds. */
  private static final long LEAST_REFRESH = 10;

  private static final long MOST_REFRESH = 28 * 86_400;
  private static final long MOST_RETRY = 14 * 86_400;

  /** Without a copy there is nothing to lose by asking soon: from 2 s on, doubling, in seconds. */
  private static final long FIRST_RETRY = 2;

  private static final long LAST_RETRY = 300;

  private static final class Copy {
    Secondary config;
    @Nullable Zone zone;
    boolean expired;
    long askAt;
    long currentAt;
    long expireAt = Engine.NEVER;
    long exchange;
    int primary;
    int tried;
    int failures;
    boolean again;

    Copy(Secondary config) {
      this.config = config;
    }
  }

  private final RandomGenerator random;
  private final Map<Name, Copy> copies = new LinkedHashMap<>();
  private final Map<Long, Name> exchanges = new HashMap<>();
  private long lastExchange;

  Secondaries(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Takes the zones that the operator wants; the others are none of ours any more.
   *
   * @param kept finds the copy of a zone from before
   * @return those that are gone
   */
  Set<Name> configure(
      long now, List<Secondary> wanted, Function<Name, Optional<Secondary.Kept>> kept) {
    var gone = new HashSet<>(copies.keySet());
    for (var config : wanted) {
      gone.remove(config.zone());
      var copy = copies.get(config.zone());
      if (copy == null) {
        copy = new Copy(config);
        copy.askAt = now;
        copies.put(config.zone(), copy);
        var before = kept.apply(config.zone());
        if (before.isPresent()) {
          copy.zone = before.get().zone();
          copy.currentAt = now - before.get().ageNanos();
          copy.expireAt = now + copy.zone.start().getExpire() * SECOND - before.get().ageNanos();
          copy.expired = copy.expireAt <= now;
        }
      } else if (!copy.config.equals(config)) {
        copy.config = config;
        copy.primary = 0;
        copy.askAt = now;
      }
    }
    gone.forEach(copies::remove);
    return gone;
  }

  /** All zones, with their content where there is one that may be served. */
  Map<Name, Optional<Zone>> served() {
    var served = new LinkedHashMap<Name, Optional<Zone>>();
    copies.forEach(
        (name, copy) ->
            served.put(name, copy.expired ? Optional.empty() : Optional.ofNullable(copy.zone)));
    return served;
  }

  List<Secondary.Condition> conditions(long now) {
    return copies.values().stream()
        .map(
            copy -> {
              var zone = copy.zone;
              return new Secondary.Condition(
                  copy.config.zone(),
                  zone == null ? OptionalLong.empty() : OptionalLong.of(zone.serial()),
                  copy.expired,
                  zone == null ? OptionalLong.empty() : OptionalLong.of(now - copy.currentAt),
                  copy.failures);
            })
        .toList();
  }

  void notified(long now, Name zone, InetAddress from, Consumer<? super TransferAction> out) {
    var copy = copies.get(zone);
    if (copy == null) {
      return;
    }
    if (copy.exchange != 0) {
      copy.again = true; // what is under way may have begun before the change
      return;
    }
    for (int i = 0; i < copy.config.primaries().size(); i++) {
      if (copy.config.primaries().get(i).address().getAddress().equals(from)) {
        copy.primary = i;
      }
    }
    copy.askAt = now;
    onTime(now, out);
  }

  void fetched(long now, long exchange, Outcome outcome, Consumer<? super TransferAction> out) {
    var name = exchanges.remove(exchange);
    var copy = name == null ? null : copies.get(name);
    if (copy == null || copy.exchange != exchange) {
      return;
    }
    copy.exchange = 0;
    switch (outcome) {
      case Outcome.UpToDate() -> confirmed(now, copy, out);
      case Outcome.Whole(var zone, var bytes) ->
          adopted(now, copy, zone, Optional.empty(), bytes, out);
      case Outcome.Changed(var zone, var steps, var bytes) ->
          adopted(now, copy, zone, Optional.of(steps), bytes, out);
      case Outcome.Failed(var why) -> failed(now, copy, why, out);
    }
    if (copy.again) {
      copy.again = false;
      copy.askAt = now;
    }
    onTime(now, out);
  }

  void onTime(long now, Consumer<? super TransferAction> out) {
    for (var copy : copies.values()) {
      if (copy.expireAt <= now && !copy.expired) {
        copy.expired = true;
        out.accept(new TransferAction.Withdraw(copy.config.zone()));
        out.accept(
            new TransferAction.Tell(
                new DnsEvent.ZoneExpired(
                    copy.config.zone().toString(),
                    copy.zone == null ? 0 : copy.zone.start().getExpire())));
      }
      if (copy.exchange == 0 && copy.askAt <= now && exchanges.size() < UNDER_WAY) {
        ask(copy, out);
      }
    }
  }

  long deadline() {
    long next = Engine.NEVER;
    boolean room = exchanges.size() < UNDER_WAY;
    for (var copy : copies.values()) {
      next = copy.expired ? next : Math.min(next, copy.expireAt);
      next = copy.exchange == 0 && room ? Math.min(next, copy.askAt) : next;
    }
    return next;
  }

  private void ask(Copy copy, Consumer<? super TransferAction> out) {
    var primary = copy.config.primaries().get(copy.primary);
    copy.exchange = ++lastExchange;
    exchanges.put(copy.exchange, copy.config.zone());
    var dialog =
        new TransferDialog(
            copy.config.zone(),
            Optional.ofNullable(copy.zone),
            primary.key(),
            copy.config.limits(),
            random);
    out.accept(new TransferAction.Fetch(copy.exchange, primary, dialog));
  }

  private void confirmed(long now, Copy copy, Consumer<? super TransferAction> out) {
    var zone = copy.zone;
    if (zone == null) {
      throw new IllegalStateException("nothing held, and yet up to date");
    }
    if (copy.expired) {
      out.accept(new TransferAction.Adopt(zone, Optional.of(List.of())));
    }
    out.accept(new TransferAction.Confirm(zone.origin()));
    current(now, copy, zone);
  }

  private void adopted(
      long now,
      Copy copy,
      Zone zone,
      Optional<List<Difference>> steps,
      long bytes,
      Consumer<? super TransferAction> out) {
    copy.zone = zone;
    out.accept(new TransferAction.Adopt(zone, steps));
    out.accept(
        new TransferAction.Tell(
            new DnsEvent.ZoneReceived(
                zone.origin().toString(),
                zone.serial(),
                steps.isPresent() ? "IXFR" : "AXFR",
                bytes,
                copy.config.primaries().get(copy.primary).address())));
    current(now, copy, zone);
  }

  private void current(long now, Copy copy, Zone zone) {
    copy.expired = false;
    copy.failures = 0;
    copy.tried = 0;
    copy.currentAt = now;
    copy.expireAt = now + zone.start().getExpire() * SECOND;
    copy.askAt =
        now + early(Math.clamp(zone.start().getRefresh(), LEAST_REFRESH, MOST_REFRESH) * SECOND);
  }

  /** The next primary at once; after the last of them, a pause. */
  private void failed(long now, Copy copy, String why, Consumer<? super TransferAction> out) {
    out.accept(
        new TransferAction.Tell(
            new DnsEvent.TransferFailed(
                copy.config.zone().toString(),
                why,
                copy.config.primaries().get(copy.primary).address())));
    copy.primary = (copy.primary + 1) % copy.config.primaries().size();
    copy.tried++;
    if (copy.tried < copy.config.primaries().size()) {
      copy.askAt = now;
      return;
    }
    copy.tried = 0;
    copy.failures++;
    long soon = Math.min(LAST_RETRY, FIRST_RETRY << Math.min(copy.failures - 1, 10));
    long pause =
        copy.zone == null || copy.expired
            ? soon
            : Math.clamp(copy.zone.start().getRetry(), LEAST_REFRESH, MOST_RETRY);
    copy.askAt = now + early(pause * SECOND);
  }

  /** Up to a tenth before its time, so that many zones do not ask in step. */
  private long early(long nanos) {
    return nanos - random.nextLong(nanos / 10 + 1);
  }
}
