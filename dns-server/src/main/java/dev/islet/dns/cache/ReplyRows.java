package dev.islet.dns.cache;

import dev.islet.dns.wire.NameKey;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Replies as bytes, each in one of the places of the row that its hash says. Reading takes no lock
 * and allocates nothing; who changes something holds the lock of the cache.
 */
final class ReplyRows {
  /** A small reply's memory; so many of them are expected. */
  private static final int REPLY_BYTES = 512;

  private static final int ROW = 4;

  private final AtomicReferenceArray<@Nullable KeptReply> replies;
  private final AtomicLong bytes;

  /**
   * @param limit bytes of the whole cache
   * @param bytes the account that replies are charged to
   */
  ReplyRows(long limit, AtomicLong bytes) {
    long rows = Math.clamp(limit / REPLY_BYTES, 16, 1 << 20) / ROW;
    this.replies = new AtomicReferenceArray<>(ROW * (int) Long.highestOneBit(rows));
    this.bytes = bytes;
  }

  /** The reply to a question, whatever it was kept under; null if there is none. */
  @Nullable KeptReply find(NameKey name, int type, boolean dnssecOk, boolean checkingDisabled) {
    int row = row(hash(name.hash(0), type, dnssecOk, checkingDisabled));
    for (int i = row; i < row + ROW; i++) {
      var reply = replies.get(i);
      if (reply != null && reply.isFor(name, type, dnssecOk, checkingDisabled)) {
        return reply;
      }
    }
    return null;
  }

  /** Takes the place of what is dead or of the same question, else of another by chance. */
  void place(KeptReply reply, long now) {
    var entry = reply.entry();
    int row = row(reply.hash());
    int best = row + Math.floorMod(entry.born, ROW);
    for (int i = row; i < row + ROW; i++) {
      var there = replies.get(i);
      if (there == null || there.isFor(reply) || there.entry().gone || there.entry().dies <= now) {
        best = i;
        break;
      }
    }
    var old = replies.get(best);
    if (old != null) {
      remove(old);
    }
    entry.kept = reply;
    bytes.addAndGet(reply.bytes());
    replies.set(best, reply);
  }

  /** Takes a reply out of its row and out of the account of its entry. */
  void remove(KeptReply reply) {
    if (reply.entry().kept == reply) {
      reply.entry().kept = null;
      bytes.addAndGet(-reply.bytes());
    }
    int row = row(reply.hash());
    for (int i = row; i < row + ROW; i++) {
      replies.compareAndSet(i, reply, null);
    }
  }

  private int row(int hash) {
    return (hash & replies.length() / ROW - 1) * ROW;
  }

  static int hash(int name, int type, boolean dnssecOk, boolean checkingDisabled) {
    int hash = (name * 31 + type) * 4 + (dnssecOk ? 2 : 0) + (checkingDisabled ? 1 : 0);
    hash *= 0x9E37_79B9;
    return hash ^ hash >>> 15;
  }
}
