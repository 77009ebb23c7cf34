package dev.islet.dhcp;

import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.subnet.Subnet;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Encoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.Options;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the server's own plain socket for parameters (INFORM), which changes nothing in it. */
final class SelfQuestion {
  private static final int PATIENCE_MS = 1_000;
  private static final HardwareAddress NOBODY = HardwareAddress.parse("02:00:00:00:00:00");

  private SelfQuestion() {}

  /** Why the answer was not right; empty if it was. */
  static Optional<String> ask(InetSocketAddress server, Subnet subnet) {
    int xid = new SecureRandom().nextInt();
    var question =
        new Message(
            Message.REQUEST,
            NOBODY,
            0,
            xid,
            0,
            0,
            new Ip4(subnet.network().bits() + 1),
            Ip4.NONE,
            Ip4.NONE,
            Ip4.NONE,
            Octets.EMPTY,
            Octets.EMPTY,
            Options.of(Map.of(Code.MESSAGE_TYPE, Octets.of((byte) MessageType.INFORM.code()))));
    var bytes = Encoder.encode(question, List.of(), Encoder.SMALLEST).bytes();
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE_MS);
      socket.send(new DatagramPacket(bytes, bytes.length, server));
      var packet = new DatagramPacket(new byte[1500], 1500);
      socket.receive(packet);
      var answer = Decoder.decode(Arrays.copyOf(packet.getData(), packet.getLength()));
      boolean right =
          answer instanceof Decoded.Ok(var message)
              && message.xid() == xid
              && message.options().type().filter(t -> t == MessageType.ACK).isPresent();
      return right ? Optional.empty() : Optional.of("the answer to an INFORM was not its ACK");
    } catch (IOException e) {
      return Optional.of("no answer to an INFORM on " + server + ": " + e.getMessage());
    }
  }
}
