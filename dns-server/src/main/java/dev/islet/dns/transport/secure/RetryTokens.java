package dev.islet.dns.transport.secure;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.quic.QuicTokenHandler;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens by which a client shows that it gets what is sent to its address (RFC 9000 section 8.1.4):
 * the time, a keyed hash of that, of the address and of the connection's first name, and that name.
 * Good for a few seconds; nothing is remembered.
 */
final class RetryTokens implements QuicTokenHandler {
  private static final String HMAC = "HmacSHA256";
  private static final int TIME = 8;
  private static final int HASH = 16;
  private static final int MAX_NAME = 20;
  private static final long LIFE = 10_000_000_000L;

  private final byte[] secret = new byte[32];

  RetryTokens() {
    new SecureRandom().nextBytes(secret);
  }

  @Override
  public boolean writeToken(ByteBuf out, ByteBuf name, InetSocketAddress client) {
    var first = ByteBufUtil.getBytes(name);
    long now = System.nanoTime();
    out.writeLong(now).writeBytes(hash(now, first, client)).writeBytes(first);
    return true;
  }

  /** Where the connection's first name begins in a good token; -1 for others. */
  @Override
  public int validateToken(ByteBuf token, InetSocketAddress client) {
    var bytes = ByteBufUtil.getBytes(token);
    if (bytes.length < TIME + HASH || bytes.length > maxTokenLength()) {
      return -1;
    }
    long made = ByteBuffer.wrap(bytes).getLong();
    var name = Arrays.copyOfRange(bytes, TIME + HASH, bytes.length);
    var hash = Arrays.copyOfRange(bytes, TIME, TIME + HASH);
    long age = System.nanoTime() - made;
    boolean good = age >= 0 && age < LIFE && MessageDigest.isEqual(hash, hash(made, name, client));
    return good ? TIME + HASH : -1;
  }

  @Override
  public int maxTokenLength() {
    return TIME + HASH + MAX_NAME;
  }

  private byte[] hash(long made, byte[] name, InetSocketAddress client) {
    try {
      var mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret, HMAC));
      mac.update(ByteBuffer.allocate(TIME + 4).putLong(made).putInt(client.getPort()).flip());
      mac.update(client.getAddress().getAddress());
      return Arrays.copyOf(mac.doFinal(name), HASH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks " + HMAC, e);
    }
  }
}
