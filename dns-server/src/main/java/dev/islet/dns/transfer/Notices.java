package dev.islet.dns.transfer;

import dev.islet.core.engine.Engine;
import dev.islet.dns.model.DnsEvent;
import dev.islet.dns.wire.ResponseWriter;
import dev.islet.dns.zone.Zone;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;

/**
 * NOTIFY to the secondaries (RFC 1996): one under way for each zone and secondary, told again with
 * growing pauses until it answers, and once more if the zone changed meanwhile. So a burst of
 * updates costs a slow secondary one message at a time.
 */
final class Notices {
  private static final int TRIES = 5;
  private static final long FIRST_PAUSE = 3_000_000_000L;

  private record Target(Name zone, Peer peer) {}

  private static final class Notice {
    final Target target;
    Zone zone;
    @Nullable Zone next;
    long exchange;
    int tries;
    boolean waiting;
    long deadline = Engine.NEVER;

    Notice(Target target, Zone zone) {
      this.target = target;
      this.zone = zone;
    }
  }

  private final Map<Target, Notice> open = new HashMap<>();
  private final RandomGenerator random;
  private long exchanges;

  Notices(RandomGenerator random) {
    this.random = random;
  }

  void published(Zone zone, List<Peer> tell, Consumer<? super TransferAction> out) {
    for (var peer : tell) {
      var target = new Target(zone.origin(), peer);
      var notice = open.get(target);
      if (notice == null) {
        notice = new Notice(target, zone);
        open.put(target, notice);
        send(notice, out);
      } else {
        notice.next = zone;
      }
    }
  }

  void answered(long exchange, int rcode, Consumer<? super TransferAction> out) {
    var notice = find(exchange);
    if (notice != null) {
      tell(notice, rcode == Rcode.NOERROR, Rcode.string(rcode), out);
      finished(notice, out);
    }
  }

  void failed(long now, long exchange, String why, Consumer<? super TransferAction> out) {
    var notice = find(exchange);
    if (notice == null) {
      return;
    }
    if (notice.next != null || notice.tries >= TRIES) {
      tell(notice, false, why + ", " + notice.tries + " times", out);
      finished(notice, out);
    } else {
      notice.waiting = true;
      notice.deadline = now + (FIRST_PAUSE << notice.tries - 1);
    }
  }

  void onTime(long now, Consumer<? super TransferAction> out) {
    for (var notice : List.copyOf(open.values())) {
      if (notice.waiting && notice.deadline <= now) {
        send(notice, out);
      }
    }
  }

  long deadline() {
    return open.values().stream().mapToLong(n -> n.deadline).min().orElse(Engine.NEVER);
  }

  int size() {
    return open.size();
  }

  private @Nullable Notice find(long exchange) {
    for (var notice : open.values()) {
      if (notice.exchange == exchange && !notice.waiting) {
        return notice;
      }
    }
    return null;
  }

  private void finished(Notice notice, Consumer<? super TransferAction> out) {
    if (notice.next == null) {
      open.remove(notice.target);
      return;
    }
    notice.zone = notice.next;
    notice.next = null;
    notice.tries = 0;
    send(notice, out);
  }

  private void send(Notice notice, Consumer<? super TransferAction> out) {
    notice.tries++;
    notice.waiting = false;
    notice.deadline = Engine.NEVER;
    notice.exchange = ++exchanges;
    int id = random.nextInt(1 << 16);
    out.accept(
        new TransferAction.Notify(
            notice.exchange,
            notice.target.peer(),
            ResponseWriter.notify(id, Difference.soa(notice.zone))));
  }

  private static void tell(
      Notice notice, boolean taken, String what, Consumer<? super TransferAction> out) {
    out.accept(
        new TransferAction.Tell(
            new DnsEvent.NotifySent(
                notice.target.zone().toString(),
                notice.zone.serial(),
                taken,
                what,
                notice.target.peer().address())));
  }
}
