package dev.islet.dns.transport;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Asks the servers of a parent, from time to time, which DS records they have of a zone of ours
 * whose key waits for its own. Over TCP, which nobody off the path can answer for them. A record
 * counts when every server has it.
 */
public final class ParentPort implements AutoCloseable {
  private static final int PATIENCE = 5_000;

  private final Supplier<Map<Name, List<InetSocketAddress>>> waiting;
  private final BiConsumer<Name, List<DSRecord>> said;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Begins to ask.
   *
   * @param waiting the zones that wait, with the servers to ask
   * @param said hears what all of them have
   * @param pause between two rounds
   */
  public ParentPort(
      Supplier<Map<Name, List<InetSocketAddress>>> waiting,
      BiConsumer<Name, List<DSRecord>> said,
      Duration pause) {
    this.waiting = waiting;
    this.said = said;
    this.thread = Thread.ofPlatform().name("dns-parent").daemon(true).start(() -> run(pause));
  }

  private void run(Duration pause) {
    try {
      while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        waiting.get().forEach(this::round);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // the loop that was to hear of it has ended, and so does this
    }
  }

  private void round(Name zone, List<InetSocketAddress> servers) {
    List<DSRecord> common = new ArrayList<>();
    for (int i = 0; i < servers.size(); i++) {
      try {
        var these = ask(servers.get(i), zone);
        if (i == 0) {
          common.addAll(these);
        } else {
          common.retainAll(these);
        }
      } catch (IOException e) {
        return; // what is not known of one is not known of the parent; it is asked again
      }
    }
    said.accept(zone, common);
  }

  /**
   * The DS records that a server has of a zone.
   *
   * @throws IOException if it does not answer, or with an error
   */
  static List<DSRecord> ask(InetSocketAddress server, Name zone) throws IOException {
    var query = Message.newQuery(Record.newRecord(zone, Type.DS, DClass.IN));
    try (var socket = new Socket()) {
      socket.connect(server, PATIENCE);
      socket.setSoTimeout(PATIENCE);
      var out = new DataOutputStream(socket.getOutputStream());
      var bytes = query.toWire();
      var framed = new byte[bytes.length + 2];
      framed[0] = (byte) (bytes.length >> 8);
      framed[1] = (byte) bytes.length;
      System.arraycopy(bytes, 0, framed, 2, bytes.length);
      out.write(framed);
      out.flush();
      var in = new DataInputStream(socket.getInputStream());
      var answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      var reply = new Message(answer);
      if (reply.getHeader().getID() != query.getHeader().getID()
          || reply.getRcode() != Rcode.NOERROR) {
        throw new IOException(server + " answered " + Rcode.string(reply.getRcode()));
      }
      return reply.getSection(Section.ANSWER).stream()
          .filter(r -> r instanceof DSRecord && r.getName().equals(zone))
          .map(DSRecord.class::cast)
          .toList();
    }
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    try {
      thread.join(2L * PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
