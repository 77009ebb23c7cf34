package dev.islet.voip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.islet.voip.registrar.Digest;
import dev.islet.voip.registrar.Digest.Algorithm;
import dev.islet.voip.wire.Grammar;
import dev.islet.voip.wire.StreamFramer;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** A client on a real socket, UDP or stream, that registers and asks. */
final class Client implements AutoCloseable {
  private static final int T1 = 500;
  private static final int T2 = 4_000;
  private final DatagramSocket udp;
  private final Socket stream;
  private final StreamFramer framer = new StreamFramer(65_535);
  private int serial;

  private Client(DatagramSocket udp, Socket stream) {
    this.udp = udp;
    this.stream = stream;
  }

  static Client udp(InetSocketAddress server) throws IOException {
    var socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    socket.connect(server);
    socket.setSoTimeout(5_000);
    return new Client(socket, null);
  }

  static Client stream(Socket socket) throws IOException {
    socket.setSoTimeout(5_000);
    return new Client(null, socket);
  }

  int port() {
    return udp != null ? udp.getLocalPort() : stream.getLocalPort();
  }

  void send(byte[] bytes) throws IOException {
    if (udp != null) {
      udp.send(new DatagramPacket(bytes, bytes.length));
    } else {
      stream.getOutputStream().write(bytes);
    }
  }

  void send(String text) throws IOException {
    send(text.replace("\n", "\r\n").getBytes(ISO_8859_1));
  }

  String receive() throws IOException {
    if (udp != null) {
      var packet = new DatagramPacket(new byte[65_535], 65_535);
      udp.receive(packet);
      return new String(packet.getData(), 0, packet.getLength(), ISO_8859_1);
    }
    while (true) {
      if (framer.next() instanceof StreamFramer.Piece.Message(var message)) {
        return new String(message, ISO_8859_1);
      }
      var bytes = new byte[4096];
      int count = stream.getInputStream().read(bytes);
      if (count < 0) {
        throw new IOException("the server has closed");
      }
      framer.feed(bytes, 0, count);
    }
  }

  /** Raw bytes of a stream. */
  int read() throws IOException {
    return stream.getInputStream().read();
  }

  String via() {
    var transport = udp != null ? "UDP" : "TCP";
    return "Via: SIP/2.0/"
        + transport
        + " 127.0.0.1:"
        + port()
        + ";rport;branch=z9hG4bK"
        + port()
        + "-"
        + ++serial
        + "\n";
  }

  static String options(String via, String number) {
    return "OPTIONS sip:home.arpa SIP/2.0\n"
        + via
        + "From: <sip:x@home.arpa>;tag=1\nTo: <sip:home.arpa>\nCall-ID: "
        + number
        + "\nCSeq: 1 OPTIONS\nMax-Forwards: 70\nContent-Length: 0\n\n";
  }

  /** Registers with SHA-256; the final answer. */
  String register(String number, String password) throws IOException {
    var challenge = ask(registration(number, ""), "CSeq: " + serial + " REGISTER\r\n");
    var line =
        challenge.lines().filter(l -> l.startsWith("WWW-Authenticate: ")).findFirst().orElseThrow();
    var asked = Grammar.digest(line.substring("WWW-Authenticate: ".length())).orElseThrow();
    var ha1 = Digest.ha1(Algorithm.SHA_256, number, "home.arpa", password);
    var nonce = asked.get("nonce");
    var response =
        Digest.response(
            Algorithm.SHA_256, ha1, nonce, "00000001", "c", "REGISTER", "sip:home.arpa");
    var second =
        registration(
            number,
            "Authorization: Digest username=\""
                + number
                + "\", realm=\"home.arpa\", nonce=\""
                + nonce
                + "\", uri=\"sip:home.arpa\", algorithm=SHA-256, qop=auth, nc=00000001,"
                + " cnonce=\"c\", response=\""
                + response
                + "\"\n");
    return ask(second, "CSeq: " + serial + " REGISTER\r\n");
  }

  /**
   * The response to a request, known by a header line of its own. Over UDP the request is sent
   * again as a phone does, after T1 and then at twice the time up to T2, until Timer F (RFC 3261,
   * 17.1.2.2): a datagram that finds the server's buffer full is sent once more.
   */
  String ask(String request, String header) throws IOException {
    send(request);
    if (udp == null) {
      return response(header);
    }
    int usual = udp.getSoTimeout();
    try {
      int sent = 0;
      for (int wait = T1; sent < 64 * T1; wait = Math.min(2 * wait, T2)) {
        udp.setSoTimeout(wait);
        try {
          return response(header);
        } catch (SocketTimeoutException e) {
          sent += wait;
          send(request);
        }
      }
      throw new SocketTimeoutException("no response with " + header);
    } finally {
      udp.setSoTimeout(usual);
    }
  }

  private String response(String header) throws IOException {
    while (true) {
      var message = receive();
      if (message.startsWith("SIP/2.0") && message.contains(header)) {
        return message;
      }
    }
  }

  private String registration(String number, String more) {
    var transport = udp != null ? "" : ";transport=tcp";
    return "REGISTER sip:home.arpa SIP/2.0\n"
        + via()
        + "From: <sip:"
        + number
        + "@home.arpa>;tag=1\nTo: <sip:"
        + number
        + "@home.arpa>\nCall-ID: reg"
        + port()
        + "\nCSeq: "
        + serial
        + " REGISTER\nContact: <sip:"
        + number
        + "@127.0.0.1:"
        + port()
        + transport
        + ">\nExpires: 600\nMax-Forwards: 70\n"
        + more
        + "Content-Length: 0\n\n";
  }

  @Override
  public void close() throws IOException {
    if (udp != null) {
      udp.close();
    } else {
      stream.close();
    }
  }
}
