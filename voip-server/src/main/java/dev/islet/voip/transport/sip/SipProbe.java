package dev.islet.voip.transport.sip;

import gov.nist.javax.sip.address.AddressFactoryImpl;
import gov.nist.javax.sip.header.HeaderFactoryImpl;
import gov.nist.javax.sip.message.MessageFactoryImpl;
import gov.nist.javax.sip.message.SIPResponse;
import gov.nist.javax.sip.parser.StringMsgParser;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import javax.sip.InvalidArgumentException;
import javax.sip.message.Request;

/**
 * Asks the server's own UDP port by OPTIONS, as any client would (RFC 3261 §11). Request and answer
 * are made and read by the JAIN-SIP reference implementation, so that the server is not its own
 * judge.
 */
public final class SipProbe {
  private static final int WAIT_MILLIS = 2_000;

  private SipProbe() {}

  /** Empty if the server answered as it should, else why not. */
  public static Optional<String> ask(InetSocketAddress server, String domain) {
    var address =
        server.getAddress().isAnyLocalAddress()
            ? InetAddress.getLoopbackAddress()
            : server.getAddress();
    try (var socket = new DatagramSocket(new InetSocketAddress(address, 0))) {
      socket.connect(new InetSocketAddress(address, server.getPort()));
      socket.setSoTimeout(WAIT_MILLIS);
      var asked = options(domain, (InetSocketAddress) socket.getLocalSocketAddress());
      socket.send(new DatagramPacket(asked, asked.length));
      var answer = new DatagramPacket(new byte[4096], 4096);
      socket.receive(answer);
      var bytes = new byte[answer.getLength()];
      System.arraycopy(answer.getData(), 0, bytes, 0, bytes.length);
      var read = new StringMsgParser().parseSIPMessage(bytes, true, false, null);
      return read instanceof SIPResponse response && response.getStatusCode() == 200
          ? Optional.empty()
          : Optional.of("OPTIONS was answered with " + read);
    } catch (IOException e) {
      return Optional.of("no answer to OPTIONS on udp port " + server.getPort() + ": " + e);
    } catch (ParseException | InvalidArgumentException | RuntimeException e) {
      return Optional.of("the answer to OPTIONS cannot be read: " + e);
    }
  }

  private static byte[] options(String domain, InetSocketAddress own)
      throws ParseException, InvalidArgumentException {
    var addresses = new AddressFactoryImpl();
    var headers = new HeaderFactoryImpl();
    var self = addresses.createAddress(addresses.createSipURI("probe", domain));
    var server = addresses.createAddress(addresses.createSipURI(null, domain));
    var host = own.getAddress().getHostAddress();
    var number = Long.toHexString(System.nanoTime());
    var via = headers.createViaHeader(host, own.getPort(), "UDP", "z9hG4bKprobe" + number);
    via.setRPort();
    var request =
        new MessageFactoryImpl()
            .createRequest(
                addresses.createSipURI(null, domain),
                Request.OPTIONS,
                headers.createCallIdHeader("probe-" + number),
                headers.createCSeqHeader(1L, Request.OPTIONS),
                headers.createFromHeader(self, number),
                headers.createToHeader(server, null),
                List.of(via),
                headers.createMaxForwardsHeader(1));
    return request.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
