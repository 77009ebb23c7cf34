package dev.islet.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A server to forward to, which knows nothing of DNSSEC and does not count questions about keys.
 * {@code big.…} is cut over UDP, {@code no.…} does not exist, {@code silent.…} gets no reply,
 * {@code broken.…} gets SERVFAIL, {@code alias.…} is an alias, all else is 192.0.2.1.
 */
final class FakeUpstream implements AutoCloseable {
  final AtomicInteger asked = new AtomicInteger();
  final ConcurrentLinkedQueue<Integer> ports = new ConcurrentLinkedQueue<>();
  volatile UnaryOperator<Message> spoil = m -> m;
  private final DatagramSocket udp;
  private final ServerSocket tcp;

  FakeUpstream() throws IOException {
    DatagramSocket datagrams = null;
    ServerSocket streams = null;
    for (int tries = 0; streams == null; tries++) {
      datagrams = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
      try {
        streams =
            new ServerSocket(datagrams.getLocalPort(), 50, InetAddress.getByName("127.0.0.1"));
      } catch (java.net.BindException e) {
        datagrams.close(); // somebody has the port for TCP: another
        if (tries == 100) {
          throw e;
        }
      }
    }
    udp = datagrams;
    tcp = streams;
    Thread.ofPlatform().daemon(true).start(this::udp);
    Thread.ofPlatform().daemon(true).start(this::tcp);
  }

  String address() {
    return "127.0.0.1:" + udp.getLocalPort();
  }

  private void udp() {
    var packet = new DatagramPacket(new byte[4096], 4096);
    while (true) {
      try {
        packet.setLength(4096);
        udp.receive(packet);
        var query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        var name = query.getQuestion().getName().toString();
        if (!isKey(query)) {
          ports.add(packet.getPort());
          asked.incrementAndGet();
        }
        if (!name.startsWith("silent.")) {
          var reply = spoil.apply(answer(query, false)).toWire();
          udp.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private void tcp() {
    while (true) {
      try (var socket = tcp.accept()) {
        var in = new DataInputStream(socket.getInputStream());
        var message = new byte[in.readUnsignedShort()];
        in.readFully(message);
        var query = new Message(message);
        asked.addAndGet(isKey(query) ? 0 : 1);
        var reply = answer(query, true).toWire();
        var out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(reply.length);
        out.write(reply);
      } catch (IOException e) {
        if (tcp.isClosed()) {
          return;
        }
      }
    }
  }

  private static boolean isKey(Message query) {
    int type = query.getQuestion().getType();
    return type == Type.DNSKEY || type == Type.DS;
  }

  static Message answer(Message query, boolean stream) throws IOException {
    var question = query.getQuestion();
    var name = question.getName();
    var reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setFlag(Flags.RA);
    reply.addRecord(question, Section.QUESTION);
    if (isKey(query)) {
      return reply;
    }
    switch (name.getLabelString(0)) {
      case "big" -> {
        if (stream) {
          for (int i = 0; i < 40; i++) {
            reply.addRecord(new TXTRecord(name, 1, 300, "t".repeat(100) + i), Section.ANSWER);
          }
        } else {
          reply.getHeader().setFlag(Flags.TC);
        }
      }
      case "no" -> {
        reply.getHeader().setRcode(Rcode.NXDOMAIN);
        var zone = new Name(name, 1);
        reply.addRecord(new SOARecord(zone, 1, 300, zone, zone, 1, 2, 3, 4, 30), Section.AUTHORITY);
      }
      case "broken" -> reply.getHeader().setRcode(Rcode.SERVFAIL);
      case "alias" -> {
        var target = Name.fromString("target", new Name(name, 1));
        reply.addRecord(new CNAMERecord(name, 1, 300, target), Section.ANSWER);
        reply.addRecord(address(target), Section.ANSWER);
      }
      default -> reply.addRecord(address(name), Section.ANSWER);
    }
    return reply;
  }

  private static ARecord address(Name name) throws IOException {
    return new ARecord(name, 1, 300, InetAddress.getByName("192.0.2.1"));
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
