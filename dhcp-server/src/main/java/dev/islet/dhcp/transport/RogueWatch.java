package dev.islet.dhcp.transport;

import dev.islet.core.net.MacAddress;
import dev.islet.core.net.Nic;
import dev.islet.core.net.socket.PacketFilter;
import dev.islet.core.net.socket.PacketSocket;
import dev.islet.dhcp.model.HardwareAddress;
import dev.islet.dhcp.model.Ip4;
import dev.islet.dhcp.model.MessageType;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code;
import dev.islet.dhcp.wire.Decoded;
import dev.islet.dhcp.wire.Decoder;
import dev.islet.dhcp.wire.Encoder;
import dev.islet.dhcp.wire.Message;
import dev.islet.dhcp.wire.Options;
import dev.islet.dhcp.wire.UdpFrame;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Looks out for other DHCP servers on a link: hears the replies that reach this machine, and now
 * and then asks who is there as a client would. Needs CAP_NET_RAW.
 */
public final class RogueWatch implements AutoCloseable {
  /** Told of every reply that is not ours; on the watch's thread. */
  @FunctionalInterface
  public interface Witness {
    /**
     * @param server what it calls itself (option 54), or the packet's source
     * @param by its link-layer address, which it cannot choose so freely
     */
    void seen(String link, Ip4 server, MacAddress by);
  }

  private static final Duration TURN = Duration.ofSeconds(1);
  private static final int HEADERS = 28;

  private final Nic nic;
  private final PacketSocket socket;
  private final Duration every;
  private final Witness witness;
  private final byte[] packet = new byte[1_600];
  private long next = System.nanoTime();

  private RogueWatch(Nic nic, PacketSocket socket, Duration every, Witness witness) {
    this.nic = nic;
    this.socket = socket;
    this.every = every;
    this.witness = witness;
  }

  /**
   * Begins to watch, on a thread of its own.
   *
   * @param every how often it asks who is there
   * @throws IOException without CAP_NET_RAW
   */
  public static RogueWatch open(Nic nic, Duration every, Witness witness) throws IOException {
    var socket = PacketSocket.open(nic, PacketSocket.IPV4, PacketFilter.udpPort(68));
    var watch = new RogueWatch(nic, socket, every, witness);
    Receiver.start("dhcp-watch-" + nic.name(), socket::isOpen, Level.DEBUG, watch::turn);
    return watch;
  }

  private void turn() throws IOException {
    if (System.nanoTime() - next >= 0) {
      next = System.nanoTime() + every.toNanos();
      ask();
    }
    int n = socket.receive(packet, TURN);
    if (n > HEADERS) {
      heard(packet, n);
    }
  }

  private void heard(byte[] packet, int length) {
    int header = (packet[0] & 0x0F) * 4;
    if (header < 20 || header + 8 >= length || socket.source().equals(nic.mac())) {
      return;
    }
    var from = Ip4.of(packet, 12);
    if (Decoder.decode(Arrays.copyOfRange(packet, header + 8, length))
            instanceof Decoded.Ok(var message)
        && message.op() == Message.REPLY) {
      var server = message.options().address(Code.SERVER_ID).orElse(from);
      witness.seen(nic.name(), server, socket.source());
    }
  }

  /** A DISCOVER of this machine, answered to everybody; our own server does not hear it. */
  private void ask() throws IOException {
    var message =
        new Message(
            Message.REQUEST,
            HardwareAddress.of(nic.mac()),
            0,
            new SecureRandom().nextInt(),
            0,
            Message.BROADCAST,
            Ip4.NONE,
            Ip4.NONE,
            Ip4.NONE,
            Ip4.NONE,
            Octets.EMPTY,
            Octets.EMPTY,
            Options.of(Map.of(Code.MESSAGE_TYPE, Octets.of((byte) MessageType.DISCOVER.code()))));
    var bytes = Encoder.encode(message, List.of(), Encoder.SMALLEST).bytes();
    socket.send(MacAddress.BROADCAST, UdpFrame.of(Ip4.NONE, 68, Ip4.BROADCAST, 67, bytes));
  }

  @Override
  public void close() {
    socket.close();
  }
}
