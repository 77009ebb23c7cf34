package dev.islet.router.model;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** How RIP messages on an interface prove who sent them. */
public sealed interface RipAuth {
  /** They do not. */
  record Open() implements RipAuth {}

  /**
   * By a password readable on the wire (RFC 2453 section 4.1): keeps strangers' mistakes out, not
   * strangers.
   *
   * @param text at most 16 bytes
   */
  record Password(String text) implements RipAuth {
    public Password {
      if (text.isEmpty() || text.getBytes(StandardCharsets.UTF_8).length > 16) {
        throw new IllegalArgumentException("a RIP password has 1 to 16 bytes");
      }
    }

    @Override
    public String toString() {
      return "Password[***]";
    }
  }

  /**
   * By a digest over the message and a shared key (RFC 4822), with a sequence number against
   * replay.
   *
   * @param keys the first signs; every one is accepted, so that keys can be rolled
   */
  record Keyed(List<SharedKey> keys) implements RipAuth {
    public Keyed {
      keys = List.copyOf(keys);
      if (keys.isEmpty()) {
        throw new IllegalArgumentException("keyed authentication needs a key");
      }
    }
  }

  /**
   * A key both ends know.
   *
   * @param id its number on the wire, 0 to 255
   * @param algorithm what is computed with it
   * @param secret its text
   */
  record SharedKey(int id, Algorithm algorithm, String secret) {
    public SharedKey {
      if (id < 0 || id > 255) {
        throw new IllegalArgumentException("key id " + id + " is not from 0 to 255");
      }
      if (secret.isEmpty()) {
        throw new IllegalArgumentException("key " + id + " has no secret");
      }
      if (algorithm == Algorithm.MD5 && secret.getBytes(StandardCharsets.UTF_8).length > 16) {
        throw new IllegalArgumentException("an MD5 key has at most 16 bytes");
      }
    }

    @Override
    public String toString() {
      return "SharedKey[id=" + id + ", algorithm=" + algorithm + "]";
    }
  }

  /** The digests of RFC 4822. */
  enum Algorithm {
    /** Keyed MD5 (RFC 2082, kept by RFC 4822 section 3.1 for what is out there). */
    MD5(16),
    HMAC_SHA_1(20),
    HMAC_SHA_256(32);

    private final int length;

    Algorithm(int length) {
      this.length = length;
    }

    /** The length of the digest in bytes. */
    public int length() {
      return length;
    }
  }
}
