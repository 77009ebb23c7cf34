package dev.islet.dhcp.wire;

/** ICMP echo (RFC 792): the question whether an address answers, and its answer. */
public final class IcmpEcho {
  private static final int SIZE = 16;

  private IcmpEcho() {}

  /** A question with a mark by which its answers are known. */
  public static byte[] request(int id, int sequence) {
    var out = new byte[SIZE];
    out[0] = 8;
    out[4] = (byte) (id >>> 8);
    out[5] = (byte) id;
    out[6] = (byte) (sequence >>> 8);
    out[7] = (byte) sequence;
    int checksum = ~UdpFrame.fold(UdpFrame.sum(out, 0, SIZE)) & 0xFFFF;
    out[2] = (byte) (checksum >>> 8);
    out[3] = (byte) checksum;
    return out;
  }

  /** Whether bytes are an answer to a question with this mark. */
  public static boolean isReply(byte[] bytes, int id) {
    return bytes.length >= 8
        && bytes[0] == 0
        && bytes[1] == 0
        && ((bytes[4] & 0xFF) << 8 | bytes[5] & 0xFF) == (id & 0xFFFF);
  }
}
