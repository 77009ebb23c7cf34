package dev.islet.dns.cache;

import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import dev.islet.dns.wire.NameKey;
import dev.islet.dns.wire.WireName;
import java.util.Arrays;
import java.util.Optional;

/**
 * A reply out of the cache as the bytes that were sent, to be sent again with less of its TTLs: all
 * that follows the question, without the OPT record. Good for the same question, in lower case,
 * from any asker.
 */
public final class KeptReply {
  private static final int HEADER = 12;
  private static final int OPT_BYTES = 11;
  private static final int TYPE_OPT = 41;
  private static final int OPTION_EDE = 15;
  private static final long SECOND = 1_000_000_000L;

  private final AnswerCache.Entry entry;
  private final byte[] name;
  private final Object rules;
  private final byte[] body;

  /** Where in the body each TTL is, which says what was left of it at the entry's birth. */
  private final int[] ttls;

  private final int flags;
  private final int answers;
  private final int authorities;
  private final int additionals;

  private KeptReply(
      AnswerCache.Entry entry,
      Object rules,
      byte[] name,
      byte[] body,
      int[] ttls,
      int flags,
      int[] counts) {
    this.entry = entry;
    this.rules = rules;
    this.name = name;
    this.body = body;
    this.ttls = ttls;
    this.flags = flags;
    this.answers = counts[0];
    this.authorities = counts[1];
    this.additionals = counts[2];
  }

  /**
   * Makes one of a reply that has just been written.
   *
   * @param age of the entry when it was, in seconds
   * @return nothing if the reply is no good for others: cut, without additional records that had no
   *     room, with an extended error, or in the asker's own case; other options are each asker's
   *     own and left off
   */
  static Optional<KeptReply> of(AnswerCache.Entry entry, byte[] sent, Object rules, long age) {
    var reply = sent.clone();
    var name = entry.key.question().name().toWireCanonical();
    int start = HEADER + name.length + 4;
    boolean cut = (reply[2] & 0x02) != 0;
    if (cut
        || start > reply.length
        || !Arrays.equals(reply, HEADER, HEADER + name.length, name, 0, name.length)) {
      return Optional.empty();
    }
    var counts = new int[] {u16(reply, 6), u16(reply, 8), u16(reply, 10)};
    var offsets = new int[counts[0] + counts[1] + counts[2]];
    int at = start;
    int end = reply.length;
    int ttls = 0;
    for (int i = 0; i < offsets.length; i++) {
      int owner = at;
      while (reply[at] != 0 && (reply[at] & 0xC0) == 0) {
        at += reply[at] + 1;
      }
      at += reply[at] == 0 ? 1 : 2;
      int length = u16(reply, at + 8);
      if (u16(reply, at) == TYPE_OPT) {
        if (owner + OPT_BYTES + length != reply.length || says(reply, at + 10)) {
          return Optional.empty();
        }
        counts[2]--;
        end = owner;
      } else {
        int ttl = u16(reply, at + 4) << 16 | u16(reply, at + 6);
        if (ttl <= 0) {
          return Optional.empty(); // how much more it has run out than that is not known
        }
        put32(reply, at + 4, ttl + (int) age);
        offsets[ttls++] = at + 4 - start;
      }
      at += 10 + length;
    }
    if (counts[2] < entry.answer.additional().stream().mapToInt(RrSet::size).sum()) {
      return Optional.empty();
    }
    var body = Arrays.copyOfRange(reply, start, end);
    int flags = u16(reply, 2) & 0x040F; // AA and the response code
    return Optional.of(
        new KeptReply(entry, rules, name, body, Arrays.copyOf(offsets, ttls), flags, counts));
  }

  /** Whether one of the options from here to the end is an extended error (RFC 8914). */
  private static boolean says(byte[] reply, int options) {
    for (int at = options; at < reply.length; at += 4 + u16(reply, at + 2)) {
      if (u16(reply, at) == OPTION_EDE) {
        return true;
      }
    }
    return false;
  }

  boolean isFor(NameKey asked, int type, boolean dnssecOk, boolean checkingDisabled) {
    var key = entry.key;
    return key.question().type() == type
        && key.dnssecOk() == dnssecOk
        && key.checkingDisabled() == checkingDisabled
        && name.length == asked.length()
        && WireName.same(name, 0, asked.bytes(), 0, name.length);
  }

  boolean isFor(KeptReply other) {
    return entry.key.equals(other.entry.key);
  }

  /** Whether the cache still has it, and nothing it was made under has changed. */
  boolean holds(Object under, long now) {
    return !entry.gone && rules == under && now < entry.dies;
  }

  AnswerCache.Entry entry() {
    return entry;
  }

  /** What it takes. */
  int bytes() {
    return 160 + name.length + body.length + 4 * ttls.length;
  }

  int hash() {
    return ReplyRows.hash(
        WireName.hash(name, 0, name.length),
        entry.key.question().type(),
        entry.key.dnssecOk(),
        entry.key.checkingDisabled());
  }

  /** How many bytes {@link #write} writes. */
  public int length() {
    return body.length;
  }

  /** Writes the records with what is left of their TTLs. */
  public void write(byte[] out, int at, long now) {
    System.arraycopy(body, 0, out, at, body.length);
    int age = (int) (Math.max(0, now - entry.born) / SECOND);
    for (int ttl : ttls) {
      put32(out, at + ttl, (u16(body, ttl) << 16 | u16(body, ttl + 2)) - age);
    }
  }

  /** The AA bit and the response code, in their places of the header's second word. */
  public int flags() {
    return flags;
  }

  /** Whether it was found to be authentic (RFC 4035 section 3.2.3). */
  public boolean secure() {
    return entry.answer.security() == Security.SECURE;
  }

  /** How many records of the answer section. */
  public int answers() {
    return answers;
  }

  /** How many records of the authority section. */
  public int authorities() {
    return authorities;
  }

  /** How many records of the additional section, without OPT. */
  public int additionals() {
    return additionals;
  }

  private static int u16(byte[] b, int at) {
    return (b[at] & 0xFF) << 8 | b[at + 1] & 0xFF;
  }

  private static void put32(byte[] b, int at, int value) {
    b[at] = (byte) (value >> 24);
    b[at + 1] = (byte) (value >> 16);
    b[at + 2] = (byte) (value >> 8);
    b[at + 3] = (byte) value;
  }
}
