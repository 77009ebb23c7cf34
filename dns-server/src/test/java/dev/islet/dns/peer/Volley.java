package dev.islet.dns.peer;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Asks one server many questions, so many of them under way that nobody waits for the network. */
final class Volley {
  static final byte[] SILENCE = {};
  private static final int WINDOW = 128;
  private static final int TRIES = 4;

  private Volley() {}

  /**
   * Over UDP; each question gets its place as its id.
   *
   * @return the replies in order, {@link #SILENCE} where none came after several tries
   */
  static List<byte[]> udp(InetSocketAddress server, List<byte[]> questions) throws IOException {
    var replies = new byte[questions.size()][];
    var tries = new int[questions.size()];
    var bytes = ByteBuffer.allocate(65_535);
    try (var channel = DatagramChannel.open();
        var selector = channel.provider().openSelector()) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 1 << 21);
      channel.connect(server);
      channel.configureBlocking(false);
      channel.register(selector, java.nio.channels.SelectionKey.OP_READ);
      int next = 0;
      int done = 0;
      var open = new java.util.LinkedHashSet<Integer>();
      while (done < replies.length) {
        while (open.size() < WINDOW && next < replies.length) {
          open.add(next);
          tries[next]++;
          send(channel, questions.get(next), next++);
        }
        if (selector.select(1_000) == 0) {
          for (int i : List.copyOf(open)) {
            if (tries[i]++ < TRIES) {
              send(channel, questions.get(i), i);
            } else {
              open.remove(i);
              replies[i] = SILENCE;
              done++;
            }
          }
          continue;
        }
        selector.selectedKeys().clear();
        while (channel.read(bytes.clear()) > 0) {
          var reply = Arrays.copyOf(bytes.array(), bytes.position());
          int id = reply.length < 12 ? -1 : (reply[0] & 0xFF) << 8 | reply[1] & 0xFF;
          if (open.remove(id)) {
            replies[id] = reply;
            done++;
          }
        }
      }
    }
    return Arrays.asList(replies);
  }

  private static void send(DatagramChannel channel, byte[] question, int id) throws IOException {
    question[0] = (byte) (id >> 8);
    question[1] = (byte) id;
    channel.write(ByteBuffer.wrap(question));
  }

  /** Over one TCP connection, some at a time; replies in the order of the questions. */
  static List<byte[]> tcp(InetSocketAddress server, List<byte[]> questions) throws IOException {
    var replies = new byte[questions.size()][];
    try (var socket = new Socket()) {
      socket.connect(server, 5_000);
      socket.setSoTimeout(10_000);
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
      for (int from = 0; from < replies.length; from += 50) {
        int to = Math.min(replies.length, from + 50);
        var all = new java.io.ByteArrayOutputStream();
        for (int i = from; i < to; i++) {
          var question = questions.get(i);
          question[0] = (byte) (i >> 8);
          question[1] = (byte) i;
          all.write(question.length >> 8);
          all.write(question.length);
          all.write(question);
        }
        socket.getOutputStream().write(all.toByteArray());
        for (int i = from; i < to; i++) {
          var reply = new byte[in.readUnsignedShort()];
          in.readFully(reply);
          replies[(reply[0] & 0xFF) << 8 | reply[1] & 0xFF] = reply;
        }
      }
    }
    return new ArrayList<>(Arrays.asList(replies));
  }
}
