package dev.islet.dns.wire;

import java.io.IOException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Optional;
import javax.crypto.Mac;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TSIGRecord;

/**
 * The signatures of a reply that has several messages (RFC 8945 section 5.3.1): each digest covers
 * the MAC before it, every message since, and the timers, so that no message can be taken out, put
 * in or moved. One side signs with it, the other checks.
 */
public final class TsigStream {
  /** After this many messages without a signature the next must have one (section 5.3.1). */
  private static final int MOST_UNSIGNED = 99;

  private final TsigKey key;
  private Mac digest;
  private boolean first = true;
  private int unsigned;

  private TsigStream(TsigKey key, byte[] requestMac) {
    this.key = key;
    this.digest = Tsig.begun(key, requestMac);
  }

  /** For the reply to a request that was accepted. */
  public static TsigStream answering(Tsig.Verdict.Good request) {
    return new TsigStream(request.key(), request.mac());
  }

  /**
   * A signed request, and what checks the reply to it.
   *
   * @param message to be sent
   */
  public record Request(byte[] message, TsigStream reply) {}

  /** Signs a request. */
  public static Request ask(byte[] message, TsigKey key, Instant now) {
    var signed = Tsig.signRequest(message, key, now);
    try {
      return new Request(
          signed, new TsigStream(key, Tsig.read(signed, message.length).getSignature()));
    } catch (IOException e) {
      throw new IllegalStateException("a signature just made cannot be read", e);
    }
  }

  /** The next message of the reply, signed. */
  public byte[] sign(byte[] message, Instant now) {
    digest.update(message);
    int id = (message[0] & 0xFF) << 8 | message[1] & 0xFF;
    var bare = record(now, new byte[0], id);
    digest.update(first ? Tsig.variables(bare) : Tsig.timers(bare));
    var mac = digest.doFinal();
    next(mac);
    return Tsig.append(message, record(now, mac, id));
  }

  /**
   * Takes the next message of a reply that was received.
   *
   * @param tsigAt offset of its TSIG record, or -1
   * @return what is wrong, or nothing
   */
  public Optional<String> check(byte[] message, int tsigAt, Instant now) {
    if (tsigAt < 0) {
      digest.update(message);
      return first || ++unsigned > MOST_UNSIGNED
          ? Optional.of("a message is not signed (RFC 8945 section 5.3.1)")
          : Optional.empty();
    }
    TSIGRecord record;
    try {
      record = Tsig.read(message, tsigAt);
    } catch (IOException e) {
      return Optional.of("the TSIG record cannot be read: " + e.getMessage());
    }
    if (!record.getName().equals(key.name())
        || !record.getAlgorithm().equals(key.algorithm().wireName())) {
      return Optional.of("signed by another key or algorithm, " + record.getName());
    }
    if (record.getError() != 0 && record.getSignature().length == 0) {
      return Optional.of("the other side says " + Rcode.TSIGstring(record.getError()));
    }
    digest.update(Tsig.restored(message, tsigAt, record));
    digest.update(first ? Tsig.variables(record) : Tsig.timers(record));
    var mac = digest.doFinal();
    if (!MessageDigest.isEqual(mac, record.getSignature())) {
      return Optional.of("the signature is not good (RFC 8945 section 5.4)");
    }
    if (record.getError() == Tsig.BADTIME) {
      return Optional.of("the other side says BADTIME, its clock reads " + theirs(record));
    }
    if (record.getError() != 0) {
      return Optional.of("the other side says " + Rcode.TSIGstring(record.getError()));
    }
    long off = Math.abs(now.getEpochSecond() - record.getTimeSigned().getEpochSecond());
    if (off > record.getFudge().toSeconds()) {
      return Optional.of("signed " + off + " s away from our clock (RFC 8945 section 5.2.3)");
    }
    next(mac);
    return Optional.empty();
  }

  /** Whether the last message was signed, as that of a whole reply must be. */
  public boolean sealed() {
    return !first && unsigned == 0;
  }

  private static Instant theirs(TSIGRecord record) {
    long seconds = 0;
    for (byte b : record.getOther() == null ? new byte[0] : record.getOther()) {
      seconds = seconds << 8 | b & 0xFF;
    }
    return Instant.ofEpochSecond(Math.clamp(seconds, 0, 1L << 48));
  }

  private void next(byte[] mac) {
    digest = Tsig.begun(key, mac);
    first = false;
    unsigned = 0;
  }

  private TSIGRecord record(Instant now, byte[] mac, int id) {
    return Tsig.record(
        key.name(),
        key.algorithm().wireName(),
        now.getEpochSecond(),
        Tsig.FUDGE,
        mac,
        id,
        0,
        new byte[0]);
  }
}
