package dev.islet.dns.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.TSIGRecord;

/**
 * Transaction signatures (RFC 8945): checks those of requests and signs replies.
 *
 * <p>The digest covers the MAC of the request (in replies), the message as it was before the TSIG
 * record was added, and the record's own fields (section 4.3). A check goes key, MAC, time, in that
 * order (section 5.2), so that nothing is said about the time to somebody without the key.
 */
public final class Tsig {
  public static final int BADSIG = 16;
  public static final int BADKEY = 17;
  public static final int BADTIME = 18;
  public static final int BADTRUNC = 22;

  static final int FUDGE = 300;
  private static final int CLASS_ANY = 255;
  private static final int TYPE_TSIG = 250;

  private Tsig() {}

  /** What a check found. */
  public sealed interface Verdict {
    /** No TSIG record. */
    record Unsigned() implements Verdict {}

    /** Not even readable as TSIG: FORMERR (section 5.2). */
    record Unreadable(String why) implements Verdict {}

    /**
     * Signed by the holder of a key, now.
     *
     * @param mac of the request, which the reply's digest includes
     */
    record Good(TsigKey key, byte[] mac) implements Verdict {}

    /**
     * Not accepted: NOTAUTH with this error in the reply's TSIG record.
     *
     * @param key with which the reply is signed; only for {@link #BADTIME} (section 5.2.3)
     */
    record Bad(int error, Name keyName, Name algorithm, Optional<TsigKey> key, Signed request)
        implements Verdict {}
  }

  /**
   * The fields of a request's record that a reply repeats.
   *
   * @param time seconds since 1970 that the signer claimed
   */
  public record Signed(long time, int fudge, byte[] mac) {}

  /** Checks the TSIG record of a message that {@link MessageView} has walked. */
  public static Verdict check(byte[] message, int tsigAt, Map<Name, TsigKey> keys, Instant now) {
    if (tsigAt < 0) {
      return new Verdict.Unsigned();
    }
    TSIGRecord record;
    try {
      record = read(message, tsigAt);
    } catch (IOException e) {
      return new Verdict.Unreadable("the TSIG record cannot be read: " + e.getMessage());
    }
    if (record.getDClass() != CLASS_ANY || record.getTTL() != 0) {
      return new Verdict.Unreadable("the TSIG record is not of class ANY and TTL 0 (section 4.2)");
    }
    var signed =
        new Signed(
            record.getTimeSigned().getEpochSecond(),
            (int) record.getFudge().toSeconds(),
            record.getSignature());
    var key = keys.get(record.getName());
    if (key == null || !key.algorithm().wireName().equals(record.getAlgorithm())) {
      return bad(BADKEY, record, Optional.empty(), signed);
    }
    if (signed.mac().length > key.algorithm().size()) {
      return new Verdict.Unreadable("the MAC is longer than the algorithm's (section 5.2.2.1)");
    }
    var mac = mac(key, new byte[0], restored(message, tsigAt, record), variables(record));
    int given = signed.mac().length;
    if (given == 0 || !MessageDigest.isEqual(Arrays.copyOf(mac, given), signed.mac())) {
      return bad(BADSIG, record, Optional.empty(), signed);
    }
    if (given < mac.length) {
      return bad(BADTRUNC, record, Optional.empty(), signed);
    }
    if (Math.abs(now.getEpochSecond() - signed.time()) > signed.fudge()) {
      return bad(BADTIME, record, Optional.of(key), signed);
    }
    return new Verdict.Good(key, mac);
  }

  /** Signs the reply to a request that was accepted. */
  public static byte[] sign(byte[] reply, Verdict.Good request, Instant now) {
    return signed(reply, request.key(), request.mac(), now.getEpochSecond(), FUDGE, 0, new byte[0]);
  }

  /** Signs a request with a key; the record's MAC is needed to check the reply. */
  public static byte[] signRequest(byte[] message, TsigKey key, Instant now) {
    return signed(message, key, new byte[0], now.getEpochSecond(), FUDGE, 0, new byte[0]);
  }

  /**
   * Adds the error to a reply: without a MAC for BADKEY, BADSIG and BADTRUNC, signed and with our
   * own time for BADTIME (sections 5.2 and 5.3.2).
   */
  public static byte[] signError(byte[] reply, Verdict.Bad bad, Instant now) {
    var request = bad.request();
    if (bad.key().isPresent()) {
      var other = new byte[6];
      ResponseWriter.put16(other, 0, (int) (now.getEpochSecond() >>> 32));
      ResponseWriter.put32(other, 2, now.getEpochSecond());
      return signed(
          reply,
          bad.key().get(),
          request.mac(),
          request.time(),
          request.fudge(),
          bad.error(),
          other);
    }
    int id = (reply[0] & 0xFF) << 8 | reply[1] & 0xFF;
    return append(
        reply,
        record(
            bad.keyName(),
            bad.algorithm(),
            request.time(),
            request.fudge(),
            new byte[0],
            id,
            bad.error(),
            new byte[0]));
  }

  private static byte[] signed(
      byte[] message,
      TsigKey key,
      byte[] requestMac,
      long time,
      int fudge,
      int error,
      byte[] other) {
    int id = (message[0] & 0xFF) << 8 | message[1] & 0xFF;
    var algorithm = key.algorithm().wireName();
    var bare = record(key.name(), algorithm, time, fudge, new byte[0], id, error, other);
    var mac = mac(key, requestMac, message, variables(bare));
    return append(message, record(key.name(), algorithm, time, fudge, mac, id, error, other));
  }

  private static Verdict bad(int error, TSIGRecord record, Optional<TsigKey> key, Signed signed) {
    return new Verdict.Bad(error, record.getName(), record.getAlgorithm(), key, signed);
  }

  /** The message as the signer saw it: without the record, one record less, its own id. */
  static byte[] restored(byte[] message, int tsigAt, TSIGRecord record) {
    var before = Arrays.copyOf(message, tsigAt);
    ResponseWriter.put16(before, 0, record.getOriginalID());
    ResponseWriter.put16(before, 10, ((before[10] & 0xFF) << 8 | before[11] & 0xFF) - 1);
    return before;
  }

  static TSIGRecord read(byte[] message, int at) throws IOException {
    if (Record.fromWire(uncompressed(message, at), Section.ADDITIONAL) instanceof TSIGRecord tsig) {
      return tsig;
    }
    throw new IOException("it has another type");
  }

  /** A record's bytes with its owner, which may be compressed, written out. */
  private static byte[] uncompressed(byte[] message, int at) throws IOException {
    var in = new org.xbill.DNS.DNSInput(ByteBuffer.wrap(message));
    in.jump(at);
    var owner = new Name(in).toWire();
    int rest = in.current();
    var out = Arrays.copyOf(owner, owner.length + message.length - rest);
    System.arraycopy(message, rest, out, owner.length, message.length - rest);
    return out;
  }

  private static byte[] mac(TsigKey key, byte[] requestMac, byte[] message, byte[] variables) {
    var mac = begun(key, requestMac);
    mac.update(message);
    mac.update(variables);
    return mac.doFinal();
  }

  /** A digest that has the MAC of the message before in it, if there is one. */
  static Mac begun(TsigKey key, byte[] before) {
    try {
      var mac = Mac.getInstance(key.algorithm().mac());
      mac.init(new SecretKeySpec(key.secret(), key.algorithm().mac()));
      if (before.length > 0) {
        mac.update(new byte[] {(byte) (before.length >> 8), (byte) before.length});
        mac.update(before);
      }
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no " + key.algorithm().mac(), e);
    }
  }

  /** Section 4.3.3. */
  static byte[] variables(TSIGRecord record) {
    var bytes = new ByteArrayOutputStream(96);
    var out = new DataOutputStream(bytes);
    try {
      out.write(record.getName().toWireCanonical());
      out.writeShort(CLASS_ANY);
      out.writeInt(0);
      out.write(record.getAlgorithm().toWireCanonical());
      time(out, record.getTimeSigned().getEpochSecond());
      out.writeShort((int) record.getFudge().toSeconds());
      out.writeShort(record.getError());
      var other = record.getOther() == null ? new byte[0] : record.getOther();
      out.writeShort(other.length);
      out.write(other);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  /** What the later messages of a stream have in place of the variables (section 5.3.1). */
  static byte[] timers(TSIGRecord record) {
    var timers = new byte[8];
    long seconds = record.getTimeSigned().getEpochSecond();
    ResponseWriter.put16(timers, 0, (int) (seconds >>> 32));
    ResponseWriter.put32(timers, 2, seconds);
    ResponseWriter.put16(timers, 6, (int) record.getFudge().toSeconds());
    return timers;
  }

  private static void time(DataOutputStream out, long seconds) throws IOException {
    out.writeShort((int) (seconds >>> 32));
    out.writeInt((int) seconds);
  }

  static TSIGRecord record(
      Name name,
      Name algorithm,
      long time,
      int fudge,
      byte[] mac,
      int id,
      int error,
      byte[] other) {
    return new TSIGRecord(
        name,
        CLASS_ANY,
        0,
        algorithm,
        Instant.ofEpochSecond(time),
        java.time.Duration.ofSeconds(fudge),
        mac,
        id,
        error,
        other);
  }

  static byte[] append(byte[] message, TSIGRecord record) {
    var bytes = record.toWire(Section.ADDITIONAL);
    if (record.getType() != TYPE_TSIG || message.length + bytes.length > 65_535) {
      throw new IllegalArgumentException("no room for a signature");
    }
    var out = Arrays.copyOf(message, message.length + bytes.length);
    System.arraycopy(bytes, 0, out, message.length, bytes.length);
    ResponseWriter.put16(out, 10, ((out[10] & 0xFF) << 8 | out[11] & 0xFF) + 1);
    return out;
  }
}
