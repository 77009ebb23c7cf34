package dev.islet.dhcp.transport;

import dev.islet.dhcp.wire.DomainNames;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs DNS messages with a shared secret and checks the answers (RFC 8945, HMAC-SHA-256). */
final class Tsig {
  private static final String ALGORITHM = "hmac-sha256";
  private static final int TYPE = 250;
  private static final int ANY = 255;
  private static final int FUDGE = 300;
  private static final int HEADER = 12;

  /** A signed message with the part of it that the answer's signature covers. */
  record Signed(byte[] message, byte[] mac) {}

  private final String name;
  private final SecretKeySpec key;

  /**
   * @param name of the key, as the server knows it
   * @param secret 64 hexadecimal digits, or base64
   * @throws IllegalArgumentException if the secret is neither
   */
  Tsig(String name, String secret) {
    this.name = name.toLowerCase(Locale.ROOT);
    var bytes =
        secret.matches("[0-9a-fA-F]{64}")
            ? HexFormat.of().parseHex(secret)
            : Base64.getDecoder().decode(secret);
    this.key = new SecretKeySpec(bytes, "HmacSHA256");
  }

  /** Appends the signature. */
  Signed sign(byte[] message, Instant when) {
    var mac = mac(new byte[0], message, variables(when.getEpochSecond(), FUDGE, 0, new byte[0]));
    var data = new ByteArrayOutputStream();
    data.writeBytes(DomainNames.encode(ALGORITHM));
    putTime(data, when.getEpochSecond());
    DnsUpdate.put16(data, FUDGE);
    DnsUpdate.put16(data, mac.length);
    data.writeBytes(mac);
    data.write(message, 0, 2); // the original id
    DnsUpdate.put16(data, 0);
    DnsUpdate.put16(data, 0);
    var out = new ByteArrayOutputStream();
    out.writeBytes(message);
    out.writeBytes(DomainNames.encode(name));
    DnsUpdate.put16(out, TYPE);
    DnsUpdate.put16(out, ANY);
    DnsUpdate.put16(out, 0);
    DnsUpdate.put16(out, 0);
    DnsUpdate.put16(out, data.size());
    out.writeBytes(data.toByteArray());
    var signed = out.toByteArray();
    additional(signed, 1);
    return new Signed(signed, mac);
  }

  /**
   * Checks an answer.
   *
   * @return why it cannot be trusted; empty if it can
   */
  Optional<String> check(byte[] answer, Signed request, Instant now) {
    try {
      int start = lastRecord(answer);
      if (start < 0) {
        return Optional.of("the answer is not signed");
      }
      int at = skipName(answer, start);
      var in = ByteBuffer.wrap(answer).position(at);
      if (in.getShort() != TYPE) {
        return Optional.of("the answer is not signed");
      }
      in.position(at + 10); // class, TTL, length
      in.position(skipName(answer, in.position()));
      long time = (long) (in.getShort() & 0xFFFF) << 32 | in.getInt() & 0xFFFF_FFFFL;
      int fudge = in.getShort() & 0xFFFF;
      var mac = new byte[in.getShort() & 0xFFFF];
      in.get(mac);
      in.getShort(); // the original id
      int error = in.getShort() & 0xFFFF;
      var other = new byte[in.getShort() & 0xFFFF];
      in.get(other);
      if (error != 0) {
        return Optional.of(
            switch (error) {
              case 16 -> "BADSIG: the server has another secret for the key " + name;
              case 17 -> "BADKEY: the server does not know the key " + name;
              case 18 -> "BADTIME: the clocks of DHCP and DNS server differ too much";
              default -> "TSIG error " + error;
            });
      }
      var unsigned = Arrays.copyOf(answer, start);
      additional(unsigned, -1);
      var covered = ByteBuffer.allocate(2 + request.mac().length);
      covered.putShort((short) request.mac().length).put(request.mac());
      var expected = mac(covered.array(), unsigned, variables(time, fudge, error, other));
      if (!MessageDigest.isEqual(expected, mac)) {
        return Optional.of("the signature of the answer is wrong");
      }
      return Math.abs(now.getEpochSecond() - time) > fudge
          ? Optional.of("the answer is too old")
          : Optional.empty();
    } catch (RuntimeException e) {
      return Optional.of("the answer is malformed"); // a read over the end
    }
  }

  private byte[] variables(long time, int fudge, int error, byte[] other) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(DomainNames.encode(name));
    DnsUpdate.put16(out, ANY);
    DnsUpdate.put16(out, 0);
    DnsUpdate.put16(out, 0);
    out.writeBytes(DomainNames.encode(ALGORITHM));
    putTime(out, time);
    DnsUpdate.put16(out, fudge);
    DnsUpdate.put16(out, error);
    DnsUpdate.put16(out, other.length);
    out.writeBytes(other);
    return out.toByteArray();
  }

  private byte[] mac(byte[] before, byte[] message, byte[] variables) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(key);
      mac.update(before);
      mac.update(message);
      return mac.doFinal(variables);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e); // every Java platform has it
    }
  }

  private static void putTime(ByteArrayOutputStream out, long seconds) {
    DnsUpdate.put16(out, (int) (seconds >>> 32));
    DnsUpdate.put16(out, (int) (seconds >>> 16));
    DnsUpdate.put16(out, (int) seconds);
  }

  private static void additional(byte[] message, int by) {
    var header = ByteBuffer.wrap(message);
    header.putShort(10, (short) (header.getShort(10) + by));
  }

  /** Where the last record of a message begins, or -1 if its last section is empty. */
  private static int lastRecord(byte[] message) {
    var in = ByteBuffer.wrap(message);
    int questions = in.getShort(4) & 0xFFFF;
    int records =
        (in.getShort(6) & 0xFFFF) + (in.getShort(8) & 0xFFFF) + (in.getShort(10) & 0xFFFF);
    if (in.getShort(10) == 0) {
      return -1;
    }
    int at = HEADER;
    for (int i = 0; i < questions; i++) {
      at = skipName(message, at) + 4;
    }
    for (int i = 0; i < records - 1; i++) {
      at = skipName(message, at) + 8;
      at += 2 + (in.getShort(at) & 0xFFFF);
    }
    return at;
  }

  private static int skipName(byte[] message, int from) {
    int at = from;
    while (message[at] != 0) {
      if ((message[at] & 0xC0) == 0xC0) {
        return at + 2;
      }
      at += 1 + (message[at] & 0xFF);
    }
    return at + 1;
  }
}
