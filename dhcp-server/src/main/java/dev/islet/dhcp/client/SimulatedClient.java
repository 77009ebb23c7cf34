package dev.islet.dhcp.client;

import dev.islet.core.engine.Engine;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.OptionCodec;
import dev.islet.dhcp.wire.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A client with the state machine of RFC 2131 section 4.4, without a socket or a clock.
 *
 * <pre>
 *   INIT ──DISCOVER──> SELECTING ──REQUEST──> REQUESTING ──ACK──> BOUND
 *   INIT_REBOOT ──REQUEST──> REBOOTING ──ACK──> BOUND        NAK: back to INIT
 *   BOUND ──T1──> RENEWING ──T2──> REBINDING ──end──> INIT
 * </pre>
 *
 * Times are nanoseconds of whatever clock the caller uses.
 */
public final class SimulatedClient {
  /** What it is doing (RFC 2131 figure 5). */
  public enum State {
    OFF,
    SELECTING,
    REQUESTING,
    REBOOTING,
    BOUND,
    RENEWING,
    REBINDING
  }

  /** Takes what the client says. */
  @FunctionalInterface
  public interface Mouth {
    /**
     * @param server whom it is for; nobody in particular if it is for everybody on the link
     */
    void say(SimulatedClient client, Message message, Optional<Ip4> server);
  }

  private static final long SECOND = 1_000_000_000L;
  private static final int TRIES = 5;

  private final HardwareAddress hardware;
  private final RandomGenerator random;
  private final Mouth mouth;
  private State state = State.OFF;
  private int xid;
  private int tries;
  private long wake = Engine.NEVER;
  private long asked;
  private long t1;
  private long t2;
  private long end;
  private Ip4 address = Ip4.NONE;
  private Ip4 server = Ip4.NONE;

  /**
   * @param random for transaction ids and for the spread of repetitions (section 4.1)
   */
  public SimulatedClient(HardwareAddress hardware, RandomGenerator random, Mouth mouth) {
    this.hardware = hardware;
    this.random = random;
    this.mouth = mouth;
  }

  /** Its link-layer address. */
  public HardwareAddress hardware() {
    return hardware;
  }

  /** What it is doing. */
  public State state() {
    return state;
  }

  /** The address it uses now, if it does. */
  public Optional<Ip4> address() {
    return state == State.BOUND || state == State.RENEWING || state == State.REBINDING
        ? Optional.of(address)
        : Optional.empty();
  }

  /** Until when it may use its address. */
  public long end() {
    return end;
  }

  /** When {@link #onTime} wants to be called next. */
  public long deadline() {
    return wake;
  }

  // ---- what happens to it

  /** It is switched on, or comes to another link: it asks for its old address if it had one. */
  public void start(long now) {
    tries = 0;
    if (address.isNone() || end <= now) {
      discover(now);
    } else {
      state = State.REBOOTING;
      xid = random.nextInt();
      ask(now);
    }
  }

  /** It is switched off without a word; it remembers its address. */
  public void vanish() {
    state = State.OFF;
    wake = Engine.NEVER;
  }

  /** It gives its address back and is switched off (section 4.4.6). */
  public void release() {
    if (address().isPresent()) {
      mouth.say(
          this,
          message(MessageType.RELEASE, address, options(MessageType.RELEASE, true, false)),
          Optional.of(server));
    }
    address = Ip4.NONE;
    vanish();
  }

  /** It finds its address in use and begins anew after ten seconds (section 3.1 step 5). */
  public void decline(long now) {
    if (address().isEmpty()) {
      return;
    }
    mouth.say(
        this,
        message(MessageType.DECLINE, Ip4.NONE, options(MessageType.DECLINE, true, true)),
        Optional.empty());
    address = Ip4.NONE;
    state = State.SELECTING;
    tries = 0;
    wake = now + 10 * SECOND;
  }

  /** A message for it has come in. */
  public void hear(long now, Message reply) {
    var type = reply.options().type();
    if (reply.xid() != xid || type.isEmpty() || !reply.hardware().equals(hardware)) {
      return;
    }
    switch (type.get()) {
      case OFFER -> {
        if (state == State.SELECTING) {
          address = reply.yiaddr();
          server = reply.options().address(Code.SERVER_ID).orElse(Ip4.NONE);
          state = State.REQUESTING;
          tries = 0;
          ask(now);
        }
      }
      case ACK -> acknowledged(reply);
      case NAK -> {
        if (state != State.OFF && state != State.SELECTING && state != State.BOUND) {
          address = Ip4.NONE;
          tries = 0;
          discover(now);
        }
      }
      case DISCOVER,
          REQUEST,
          DECLINE,
          RELEASE,
          INFORM,
          FORCERENEW,
          LEASEQUERY,
          LEASEUNASSIGNED,
          LEASEUNKNOWN,
          LEASEACTIVE -> {}
    }
  }

  private void acknowledged(Message ack) {
    var lease = ack.options().number32(Code.LEASE_TIME);
    if (lease.isEmpty() || state == State.OFF || state == State.SELECTING || state == State.BOUND) {
      return;
    }
    address = ack.yiaddr();
    server = ack.options().address(Code.SERVER_ID).orElse(server);
    // Counted from the question, so that it is never longer than the server's (section 4.4.5).
    end = asked + lease.get() * SECOND;
    t1 = asked + ack.options().number32(Code.T1).orElse(lease.get() / 2) * SECOND;
    t2 = asked + ack.options().number32(Code.T2).orElse(lease.get() * 7 / 8) * SECOND;
    state = State.BOUND;
    wake = t1;
  }

  /** Its time has come. */
  public void onTime(long now) {
    if (now < wake) {
      return;
    }
    switch (state) {
      case OFF -> wake = Engine.NEVER;
      case SELECTING -> discover(now);
      case REQUESTING, REBOOTING -> {
        if (tries < TRIES) {
          ask(now);
        } else {
          address = Ip4.NONE;
          tries = 0;
          discover(now);
        }
      }
      case BOUND -> {
        state = State.RENEWING;
        xid = random.nextInt();
        extend(now);
      }
      case RENEWING, REBINDING -> {
        if (now >= end) {
          address = Ip4.NONE;
          tries = 0;
          discover(now);
        } else {
          state = now >= t2 ? State.REBINDING : State.RENEWING;
          extend(now);
        }
      }
    }
  }

  // ---- what it says

  private void discover(long now) {
    state = State.SELECTING;
    xid = random.nextInt();
    again(now);
    mouth.say(
        this,
        message(MessageType.DISCOVER, Ip4.NONE, options(MessageType.DISCOVER, false, false)),
        Optional.empty());
  }

  private void ask(long now) {
    asked = tries == 0 ? now : asked;
    again(now);
    boolean chosen = state == State.REQUESTING;
    mouth.say(
        this,
        message(MessageType.REQUEST, Ip4.NONE, options(MessageType.REQUEST, chosen, true)),
        Optional.empty());
  }

  private void extend(long now) {
    asked = now;
    // Half of what is left, but not more often than once a minute (section 4.4.5).
    long limit = state == State.RENEWING ? t2 : end;
    wake = Math.min(limit, now + Math.max(60 * SECOND, (limit - now) / 2));
    mouth.say(
        this,
        message(MessageType.REQUEST, address, options(MessageType.REQUEST, false, false)),
        state == State.RENEWING ? Optional.of(server) : Optional.empty());
  }

  /** 4, 8, 16, 32, 64 seconds, each give or take one (section 4.1). */
  private void again(long now) {
    long pause = (4L << Math.min(tries, 4)) * SECOND;
    tries++;
    wake = now + pause + random.nextLong(-SECOND, SECOND);
  }

  private Map<Integer, Octets> options(MessageType type, boolean toServer, boolean wish) {
    var options = new LinkedHashMap<Integer, Octets>();
    options.put(Code.MESSAGE_TYPE, Octets.of((byte) type.code()));
    if (toServer) {
      options.put(Code.SERVER_ID, OptionCodec.address(server));
    }
    if (wish) {
      options.put(Code.REQUESTED_ADDRESS, OptionCodec.address(address));
    }
    if (type == MessageType.DISCOVER || type == MessageType.REQUEST) {
      options.put(
          Code.PARAMETER_LIST,
          Octets.of((byte) Code.SUBNET_MASK, (byte) Code.ROUTERS, (byte) Code.DNS));
    }
    return options;
  }

  private Message message(MessageType type, Ip4 ciaddr, Map<Integer, Octets> options) {
    return new Message(
        Message.REQUEST,
        hardware,
        0,
        type == MessageType.RELEASE || type == MessageType.DECLINE ? random.nextInt() : xid,
        0,
        0,
        ciaddr,
        Ip4.NONE,
        Ip4.NONE,
        Ip4.NONE,
        Octets.EMPTY,
        Octets.EMPTY,
        Options.of(options));
  }
}
