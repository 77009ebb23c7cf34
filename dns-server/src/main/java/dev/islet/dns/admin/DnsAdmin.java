package dev.islet.dns.admin;

import dev.islet.core.admin.AdminView;
import dev.islet.core.metrics.Metrics;
import dev.islet.core.service.Endpoint;
import dev.islet.core.service.Reload;
import dev.islet.core.service.Service;
import dev.islet.core.service.State;
import dev.islet.core.trace.Trace;
import dev.islet.dns.model.DnsEvent;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/** The name server's side of the admin endpoint. */
public final class DnsAdmin implements AdminView {
  private static final int PATIENCE = 2_000;
  private static final Name LOCALHOST = Name.fromConstantString("localhost.");

  private final Service service;
  private final Trace<DnsEvent> trace;
  private final Metrics metrics;
  private final Supplier<DnsState> state;
  private final Function<Map<String, String>, Explanation> explain;

  /**
   * @param explain tells why a name is answered as it is
   */
  public DnsAdmin(
      Service service,
      Trace<DnsEvent> trace,
      Metrics metrics,
      Supplier<DnsState> state,
      Function<Map<String, String>, Explanation> explain) {
    this.service = service;
    this.trace = trace;
    this.metrics = metrics;
    this.state = state;
    this.explain = explain;
  }

  @Override
  public String name() {
    return service.name();
  }

  @Override
  public State state() {
    return service.state();
  }

  @Override
  public List<Endpoint> endpoints() {
    return service.endpoints();
  }

  /** Asks each of the server's UDP sockets for localhost, which every name server knows. */
  @Override
  public Optional<String> notReady() {
    for (var endpoint : service.endpoints()) {
      if (endpoint.protocol().equals("dns/udp")) {
        var why = ask(endpoint.address());
        if (why.isPresent()) {
          return Optional.of(endpoint + " " + why.get());
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> ask(InetSocketAddress bound) {
    var ip = bound.getAddress();
    var to = ip.isAnyLocalAddress() ? loopback(ip) : ip;
    var query = Message.newQuery(Record.newRecord(LOCALHOST, Type.A, DClass.IN));
    try (var socket = new DatagramSocket()) {
      socket.setSoTimeout(PATIENCE);
      socket.connect(to, bound.getPort());
      var bytes = query.toWire();
      socket.send(new DatagramPacket(bytes, bytes.length));
      var packet = new DatagramPacket(new byte[512], 512);
      socket.receive(packet);
      var reply = new Message(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
      // A server that refuses this asker is at work as well.
      boolean good =
          reply.getHeader().getFlag(Flags.QR)
              && reply.getHeader().getID() == query.getHeader().getID()
              && (reply.getRcode() == Rcode.NOERROR || reply.getRcode() == Rcode.REFUSED);
      return good ? Optional.empty() : Optional.of("answered " + Rcode.string(reply.getRcode()));
    } catch (IOException e) {
      return Optional.of("does not answer: " + e.getMessage());
    }
  }

  private static InetAddress loopback(InetAddress any) {
    try {
      return InetAddress.getByName(any.getAddress().length == 4 ? "127.0.0.1" : "::1");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Object snapshot() {
    return state.get();
  }

  @Override
  public Optional<Object> explain(Map<String, String> asked) {
    return Optional.of(explain.apply(asked));
  }

  @Override
  public Optional<Object> annotate(byte[] message) {
    return Optional.of(dev.islet.dns.wire.Explain.explain(message));
  }

  @Override
  public Reload reload() {
    return service.reload();
  }

  @Override
  public Trace<?> trace() {
    return trace;
  }

  @Override
  public Metrics metrics() {
    return metrics;
  }
}
