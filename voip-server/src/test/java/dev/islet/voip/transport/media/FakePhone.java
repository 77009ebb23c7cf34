package dev.islet.voip.transport.media;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** A phone with an RTP and an RTCP port on loopback. */
final class FakePhone implements AutoCloseable {
  private static int phones = 0x5000;

  private final DatagramSocket rtp;
  private final DatagramSocket rtcp;
  private final int ssrc = ++phones;

  FakePhone() throws IOException {
    var here = InetAddress.getLoopbackAddress();
    DatagramSocket even = null;
    DatagramSocket odd = null;
    while (odd == null) {
      even = new DatagramSocket(0, here);
      try {
        odd = new DatagramSocket(even.getLocalPort() + 1, here);
      } catch (IOException e) {
        even.close();
      }
    }
    rtp = even;
    rtcp = odd;
    rtp.setSoTimeout(10_000);
    rtcp.setSoTimeout(10_000);
  }

  /** What a test waits for. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits until a condition holds, at most 20 s. */
  static void until(Condition condition) throws IOException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("the condition did not come to hold within 20 s");
      }
      LockSupport.parkNanos(2_000_000);
    }
  }

  InetSocketAddress rtp() {
    return (InetSocketAddress) rtp.getLocalSocketAddress();
  }

  long ssrc() {
    return ssrc;
  }

  static byte[] packet(long ssrc, int number) {
    var bytes = ByteBuffer.allocate(172);
    bytes.put((byte) 0x80).put((byte) 8).putShort((short) number).putInt(160 * number);
    return bytes.putInt((int) ssrc).array();
  }

  static byte[] report(long ssrc, int middle) {
    var bytes = ByteBuffer.allocate(28);
    bytes.putInt(0x80c80006).putInt((int) ssrc).putInt(middle >>> 16).putInt(middle << 16);
    return bytes.array();
  }

  void send(int port, byte[] bytes, int length) throws IOException {
    var socket = port % 2 == 0 ? rtp : rtcp;
    socket.send(new DatagramPacket(bytes, length, InetAddress.getLoopbackAddress(), port));
  }

  void voice(int port, int number) throws IOException {
    send(port, packet(ssrc, number), 172);
  }

  void senderReport(int port, int middle) throws IOException {
    send(port, report(ssrc, middle), 28);
  }

  void receiverReport(int port, long about, int last, int delay) throws IOException {
    var bytes = ByteBuffer.allocate(32);
    bytes.putInt(0x81c90007).putInt(ssrc).putInt((int) about).putInt(0).putInt(0).putInt(0);
    send(port, bytes.putInt(last).putInt(delay).array(), 32);
  }

  byte[] hear() throws IOException {
    return receive(rtp);
  }

  byte[] hearReport() throws IOException {
    return receive(rtcp);
  }

  /** Whether this packet is among what waits to be heard. */
  boolean heard(byte[] wanted) throws IOException {
    rtp.setSoTimeout(1);
    try {
      while (!Arrays.equals(receive(rtp), wanted)) {
        continue;
      }
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      rtp.setSoTimeout(10_000);
    }
  }

  private static byte[] receive(DatagramSocket socket) throws IOException {
    var packet = new DatagramPacket(new byte[2_048], 2_048);
    socket.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }
}
