package dev.islet.voip.transport.sip;

import dev.islet.voip.model.Flow;
import java.util.List;

/** Sends each message by the path it belongs to. Of the exchange's thread. */
public final class Switchboard {
  private final List<UdpEdge> udp;
  private final Connections connections;
  private final Intake intake;

  public Switchboard(List<UdpEdge> udp, Connections connections, Intake intake) {
    this.udp = List.copyOf(udp);
    this.connections = connections;
    this.intake = intake;
  }

  /** Sends, or puts into a batch that {@link #flush} sends. */
  public void send(Flow flow, String title, String callId, byte[] bytes) {
    intake.sent(flow, title, callId, bytes);
    switch (flow.transport()) {
      case UDP -> edge(flow).send(flow, bytes);
      case TCP, TLS -> connections.send(flow, bytes);
    }
  }

  /** Sends what waits. */
  public void flush() {
    udp.forEach(UdpEdge::flush);
  }

  /** The socket bound to the flow's address, else the one on all addresses. */
  private UdpEdge edge(Flow flow) {
    UdpEdge near = udp.getFirst();
    for (var edge : udp) {
      var local = edge.local();
      if (local.getPort() == flow.local().getPort()) {
        if (local.getAddress().equals(flow.local().getAddress())) {
          return edge;
        }
        if (local.getAddress().isAnyLocalAddress()) {
          near = edge;
        }
      }
    }
    return near;
  }
}
