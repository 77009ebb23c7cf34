package dev.islet.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A plain client of one server, over either transport. */
final class Asker implements AutoCloseable {
  static final int PATIENCE = 5_000;

  private final InetSocketAddress server;
  private final DatagramSocket udp;

  Asker(InetSocketAddress server) throws IOException {
    this.server = server;
    this.udp = new DatagramSocket();
    udp.setSoTimeout(PATIENCE);
    udp.connect(server);
  }

  static Asker of(DnsServer server) throws IOException {
    return new Asker(server.endpoints().getFirst().address());
  }

  static Message query(String name, int type) {
    return Message.newQuery(Record.newRecord(Name.fromConstantString(name), type, DClass.IN));
  }

  static Message query(String name, String type) {
    return query(name, Type.value(type));
  }

  static Message withEdns(Message query, int size) {
    query.addRecord(new OPTRecord(size, 0, 0), Section.ADDITIONAL);
    return query;
  }

  static Message plainlyRecursive(Message query, boolean recursive) {
    if (!recursive) {
      query.getHeader().unsetFlag(Flags.RD);
    }
    return query;
  }

  Message ask(String name, String type) throws IOException {
    return ask(withEdns(query(name, type), 1232));
  }

  Message ask(Message query) throws IOException {
    return new Message(udp(query.toWire()));
  }

  byte[] udp(byte[] message) throws IOException {
    send(message);
    return receive();
  }

  void send(byte[] message) throws IOException {
    udp.send(new DatagramPacket(message, message.length));
  }

  byte[] receive() throws IOException {
    var packet = new DatagramPacket(new byte[65_535], 65_535);
    udp.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  /** A datagram that has come already; no bytes if there is none. */
  byte[] heard() throws IOException {
    udp.setSoTimeout(1);
    try {
      return receive();
    } catch (java.net.SocketTimeoutException e) {
      return new byte[0];
    } finally {
      udp.setSoTimeout(PATIENCE);
    }
  }

  Message tcp(Message query) throws IOException {
    try (var stream = stream()) {
      stream.send(query.toWire());
      return new Message(stream.receive());
    }
  }

  Stream stream() throws IOException {
    return new Stream(server);
  }

  @Override
  public void close() {
    udp.close();
  }

  /** One TCP connection. */
  static final class Stream implements AutoCloseable {
    final Socket socket;
    private final DataInputStream in;
    private final DataOutputStream out;

    Stream(InetSocketAddress server) throws IOException {
      this(connected(server));
    }

    Stream(Socket connected) throws IOException {
      socket = connected;
      socket.setSoTimeout(PATIENCE);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(socket.getOutputStream());
    }

    private static Socket connected(InetSocketAddress server) throws IOException {
      var socket = new Socket();
      socket.connect(server, PATIENCE);
      return socket;
    }

    void send(byte[] message) throws IOException {
      var framed = new byte[message.length + 2];
      framed[0] = (byte) (message.length >> 8);
      framed[1] = (byte) message.length;
      System.arraycopy(message, 0, framed, 2, message.length);
      raw(framed);
    }

    void raw(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    byte[] receive() throws IOException {
      var message = new byte[in.readUnsignedShort()];
      in.readFully(message);
      return message;
    }

    /** Whether the other side has closed. */
    boolean ended() throws IOException {
      return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
