package dev.islet.voip.media;

/**
 * Decides from where a phone's media is taken: learn, then lock (symmetric RTP, RFC 4961).
 *
 * <p>The address in the phone's description always may send. A phone behind an address translator
 * comes from another one, which nobody knows beforehand: once the call is answered, the first valid
 * packet from elsewhere is taken as the phone, unless the described address sends too, which then
 * wins. After {@link #LOCK_AFTER} packets the source is locked and everybody else is a stranger. A
 * new description (re-INVITE) opens the lock for another five packets, since the phone may have
 * moved or its translator forgotten it during a hold. While open, a learned source that falls
 * silent for {@link #GONE} may be replaced.
 */
final class SourceLatch {
  static final int LOCK_AFTER = 5;

  /** Nanoseconds of silence after which a source that is not locked counts as gone. */
  static final long GONE = 1_000_000_000L;

  private final MediaSource expected = new MediaSource();
  private final MediaSource learned = new MediaSource();
  private int packets;
  private long lastAt;
  private boolean open;

  /** Tells the described address; {@code null} is not needed: an unset source expects nobody. */
  void expect(MediaSource described) {
    expected.set(described);
    packets = 0;
  }

  /** Lets sources be learned that nobody described: the call is answered. */
  void open() {
    open = true;
  }

  /** Whether a valid packet from this source at this moment is the phone's. */
  boolean accept(MediaSource source, long now) {
    if (learned.same(source)) {
      return taken(now);
    }
    if (packets >= LOCK_AFTER) {
      return false;
    }
    boolean described = expected.same(source);
    boolean wanted = !learned.isSet() || now - lastAt >= GONE;
    if (described || wanted && open && sameFamily(source)) {
      learned.set(source);
      packets = 0;
      return taken(now);
    }
    return false;
  }

  private boolean taken(long now) {
    lastAt = now;
    if (packets < LOCK_AFTER) {
      packets++;
    }
    return true;
  }

  private boolean sameFamily(MediaSource source) {
    return !expected.isSet() || expected.isFour() == source.isFour();
  }

  boolean locked() {
    return packets >= LOCK_AFTER;
  }

  MediaSource expected() {
    return expected;
  }

  /** Where the phone really is; unset until learned. */
  MediaSource learned() {
    return learned;
  }
}
