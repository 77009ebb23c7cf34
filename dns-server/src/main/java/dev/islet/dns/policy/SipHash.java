package dev.islet.dns.policy;

/** SipHash-2-4: a keyed hash of short input that nobody without the key can foresee. */
final class SipHash {
  private SipHash() {}

  /**
   * The hash of two words and up to 16 bytes after them. Words hold their bytes in the order of the
   * input, the first one lowest, as the result does.
   */
  static long of(long k0, long k1, long first, long second, byte[] tail, int length) {
    long v0 = k0 ^ 0x736f6d6570736575L;
    long v1 = k1 ^ 0x646f72616e646f6dL;
    long v2 = k0 ^ 0x6c7967656e657261L;
    long v3 = k1 ^ 0x7465646279746573L;
    int words = 2 + length / 8 + 1;
    // Four words of state are kept in locals: an object of their own would be made per question.
    for (int i = 0; i <= words; i++) {
      long word;
      int rounds = 2;
      if (i == 0) {
        word = first;
      } else if (i == 1) {
        word = second;
      } else if (i < words - 1) {
        word = little(tail, (i - 2) * 8, 8);
      } else if (i == words - 1) {
        int left = length & 7;
        word = little(tail, length - left, left) | (long) (length + 16) << 56;
      } else {
        v2 ^= 0xFF; // the end: four rounds of nothing more
        word = 0;
        rounds = 4;
      }
      v3 ^= word;
      for (int r = 0; r < rounds; r++) {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
      }
      v0 ^= word;
    }
    return v0 ^ v1 ^ v2 ^ v3;
  }

  private static long little(byte[] bytes, int from, int count) {
    long word = 0;
    for (int i = count - 1; i >= 0; i--) {
      word = word << 8 | bytes[from + i] & 0xFF;
    }
    return word;
  }
}
