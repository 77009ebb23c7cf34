package dev.islet.voip.transport.media;

import dev.islet.core.net.socket.UdpPacket;
import dev.islet.core.net.socket.UdpPoller;
import dev.islet.core.net.socket.UdpPort;
import dev.islet.core.time.TimeSource;
import dev.islet.voip.media.CallMedia;
import dev.islet.voip.media.CallMedia.Verdict;
import dev.islet.voip.media.MediaSource;
import dev.islet.voip.media.PortPairs;
import dev.islet.voip.media.Relay;
import dev.islet.voip.media.RelayOptions;
import dev.islet.voip.model.MediaLeg;
import dev.islet.voip.model.MediaSilence;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * The relay on real sockets: four ports a call, one platform thread for all calls.
 *
 * <p>Under load the thread rests {@value #PACE_NANOS} ns after a round that found few packets, so
 * that the next round finds more of them and fewer wake-ups carry the same voice; that is a
 * hundredth of a packet's length in time, and jitter is measured by the kernel's time of arrival,
 * which the rest does not touch.
 */
public final class UdpRelay implements Relay {
  private static final Logger LOG = System.getLogger("islet.voip.relay");

  /** Expedited forwarding (RFC 3246, RFC 4594 §4.1): what routers and Wi-Fi treat as voice. */
  private static final int EXPEDITED = 0xB8;

  private static final Duration ROUND = Duration.ofMillis(500);
  private static final long WATCH_NANOS = 1_000_000_000L;
  private static final long PACE_NANOS = 200_000L;
  private static final int FULL_ROUND = 16;
  private static final int BUSY_PER_SECOND = 2_000;

  /** How many ports that other programs hold are stepped over for one call. */
  private static final int BIND_TRIES = 32;

  private final RelayOptions options;
  private final TimeSource time;
  private final UdpPoller poller;
  private final PortPairs pairs;
  private final Set<RelayedCall> calls = ConcurrentHashMap.newKeySet();
  private final LongAdder[] counts = new LongAdder[Verdict.values().length];
  private final Thread thread;

  // Of the relay's thread.
  private final ArrivalClock clock;
  private final MediaSource source = new MediaSource();
  private final MediaSource destination = new MediaSource();

  private volatile boolean closed;

  private UdpRelay(
      RelayOptions options, TimeSource time, RandomGenerator random, UdpPoller poller) {
    this.options = options;
    this.time = time;
    this.poller = poller;
    this.clock = new ArrivalClock(time);
    this.pairs =
        new PortPairs(
            options.firstPort(),
            options.firstPort() == 0 ? -1 : options.lastPort(),
            options.quarantine().toNanos(),
            random);
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
    this.thread = Thread.ofPlatform().name("voip-relay").unstarted(this::run);
  }

  /**
   * Starts a relay without calls.
   *
   * @param random chooses the order of ports
   * @throws IOException if the system has no descriptors left
   */
  public static UdpRelay start(RelayOptions options, TimeSource time, RandomGenerator random)
      throws IOException {
    var relay = new UdpRelay(options, time, random, UdpPoller.open());
    relay.thread.start();
    return relay;
  }

  @Override
  public Opening open(
      String callId, InetAddress localA, InetAddress localB, Consumer<MediaSilence> onSilence) {
    if (closed) {
      return new Exhausted("the relay is closed");
    }
    if (calls.size() >= options.maxCalls()) {
      return new Exhausted(options.maxCalls() + " calls are open, the configured maximum");
    }
    var call =
        new RelayedCall(new CallMedia(callId, options.silence()), time, onSilence, this::ended);
    var four = new ArrayList<UdpPort>(4);
    try {
      seat(call, MediaLeg.A, localA, four);
      seat(call, MediaLeg.B, localB, four);
    } catch (IOException e) {
      giveBack(four);
      return new Exhausted(reason(e));
    }
    call.seated(four);
    calls.add(call);
    if (closed) {
      call.end();
      return new Exhausted("the relay is closed");
    }
    return new Opened(call);
  }

  /** Binds an even port and the one above for one leg. */
  private void seat(RelayedCall call, MediaLeg leg, InetAddress local, List<UdpPort> into)
      throws IOException {
    String last = "";
    for (int i = 0; i < BIND_TRIES; i++) {
      int number = next();
      try {
        if (pair(call, leg, new InetSocketAddress(local, number), into)) {
          return;
        }
      } catch (IOException e) {
        rest(number);
        if (!(e instanceof BindException)) {
          throw e;
        }
        last = ": " + reason(e);
      }
    }
    throw new IOException("no port could be bound in " + BIND_TRIES + " tries" + last);
  }

  /** False if the system was to choose and chose an odd port. */
  private boolean pair(RelayedCall call, MediaLeg leg, InetSocketAddress at, List<UdpPort> into)
      throws IOException {
    var rtp = poller.bind(at, EXPEDITED, new RelayedCall.Seat(call, leg, false));
    try {
      int port = rtp.local().getPort();
      if ((port & 1) != 0) {
        rtp.close();
        return false;
      }
      var above = new InetSocketAddress(at.getAddress(), port + 1);
      into.add(poller.bind(above, EXPEDITED, new RelayedCall.Seat(call, leg, true)));
      into.add(into.size() - 1, rtp);
      return true;
    } catch (IOException e) {
      rtp.close();
      throw e;
    }
  }

  private static String reason(IOException e) {
    return Objects.requireNonNullElse(e.getMessage(), e.toString());
  }

  private int next() throws IOException {
    if (options.firstPort() == 0) {
      return 0;
    }
    synchronized (pairs) {
      return pairs
          .take(time.now())
          .orElseThrow(
              () ->
                  new IOException(
                      "all RTP ports %d-%d are in use or rest after a call"
                          .formatted(options.firstPort(), options.lastPort())));
    }
  }

  private void rest(int port) {
    if (options.firstPort() != 0) {
      synchronized (pairs) {
        pairs.giveBack(port, time.now());
      }
    }
  }

  private void giveBack(List<UdpPort> pairsOfPorts) {
    for (int i = 0; i < pairsOfPorts.size(); i++) {
      var port = pairsOfPorts.get(i);
      port.close();
      if (i % 2 == 0) {
        rest(port.local().getPort());
      }
    }
  }

  private void ended(RelayedCall call) {
    calls.remove(call);
    giveBack(call.seats());
  }

  private void run() {
    long watched = time.now();
    long lately = 0;
    UdpPoller.Sink sink = this::packet;
    while (true) {
      int packets;
      try {
        packets = poller.poll(sink, ROUND);
      } catch (IOException | RuntimeException e) {
        // Calls go on without media rather than none at all; the pause keeps the log readable.
        LOG.log(Level.ERROR, "the relay's round failed calls=" + calls.size(), e);
        LockSupport.parkNanos(WATCH_NANOS / 10);
        continue;
      }
      if (packets < 0) {
        return;
      }
      lately += packets;
      long now = time.now();
      if (now - watched >= WATCH_NANOS) {
        watch(now);
        watched = now;
        lately = 0;
      }
      // Counted over up to a second, so a burst after quiet is not paced before it is one.
      if (packets < FULL_ROUND && lately > BUSY_PER_SECOND / 10) {
        boolean busy = lately * 1_000_000_000L > BUSY_PER_SECOND * Math.max(1, now - watched);
        if (busy) {
          LockSupport.parkNanos(PACE_NANOS);
        }
      }
    }
  }

  private void watch(long now) {
    for (var call : calls) {
      try {
        call.watch(now);
      } catch (RuntimeException e) {
        LOG.log(Level.WARNING, "telling that a call is silent failed", e);
      }
    }
  }

  private void packet(UdpPort port, UdpPacket packet) {
    var seat = (RelayedCall.Seat) port.owner();
    var call = seat.call();
    var out = call.port(seat.leg().other(), seat.rtcp());
    if (out == null) {
      return;
    }
    var media = call.media();
    source.six(packet.high(), packet.low(), packet.port());
    long now = clock.arrival(packet.wallNanos());
    var buffer = packet.buffer();
    int offset = packet.offset();
    int length = packet.length();
    var verdict =
        seat.rtcp()
            ? media.onRtcpPort(seat.leg(), buffer, offset, length, source, now, destination)
            : media.onRtpPort(seat.leg(), buffer, offset, length, source, now, destination);
    if (verdict == Verdict.FORWARD
        && !out.send(packet, destination.high(), destination.low(), destination.port())) {
      media.refused(seat.leg().other());
      verdict = Verdict.UNDELIVERED;
    }
    counts[verdict.ordinal()].increment();
  }

  @Override
  public int calls() {
    return calls.size();
  }

  @Override
  public int room() {
    int byNumber = options.maxCalls() - calls.size();
    if (options.firstPort() == 0) {
      return byNumber;
    }
    synchronized (pairs) {
      return Math.min(byNumber, pairs.available(time.now()) / 2);
    }
  }

  @Override
  public Counts counts() {
    return new Counts(
        counts[Verdict.FORWARD.ordinal()].sum(),
        counts[Verdict.STRANGER.ordinal()].sum(),
        counts[Verdict.MALFORMED.ordinal()].sum(),
        counts[Verdict.THROTTLED.ordinal()].sum(),
        counts[Verdict.UNDELIVERED.ordinal()].sum());
  }

  @Override
  public void close() {
    closed = true;
    calls.forEach(RelayedCall::end);
    poller.close();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(5_000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
