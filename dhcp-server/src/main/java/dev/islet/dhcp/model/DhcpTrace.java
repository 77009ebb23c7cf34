package dev.islet.dhcp.model;

import dev.islet.core.net.MacAddress;
import dev.islet.core.trace.Packet;
import dev.islet.core.trace.TraceEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything the server tells in its live trace: what became of clients ({@link DhcpEvent}), and
 * each step on the way ({@link Step}).
 */
public sealed interface DhcpTrace extends TraceEvent permits DhcpEvent, DhcpTrace.Step {

  /** A step on the way: a packet seen, a decision and its reason, a packet sent. */
  sealed interface Step extends DhcpTrace {}

  /**
   * A message came in.
   *
   * @param link the interface or socket it came from
   */
  record Received(MessageType type, HardwareAddress client, String link, Packet bytes)
      implements Step {
    @Override
    public String note() {
      return type + " from " + client + " on " + link;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(bytes);
    }
  }

  /**
   * The engine made up its mind.
   *
   * @param state what the client must be in, see RFC 2131 section 4.3.2
   * @param decision what happens
   * @param because why, with the RFC section
   */
  record Decided(
      MessageType type,
      ClientState state,
      HardwareAddress client,
      Ip4 address,
      String decision,
      String because)
      implements Step {
    @Override
    public String note() {
      return type + " (" + state + ") of " + client + ": " + decision + ", because " + because;
    }
  }

  /**
   * A reply went out.
   *
   * @param dropped codes of options that did not fit into the client's maximum message size
   */
  record Sent(
      MessageType type,
      HardwareAddress client,
      Ip4 address,
      String to,
      List<Integer> dropped,
      Packet bytes)
      implements Step {
    public Sent {
      dropped = List.copyOf(dropped);
    }

    @Override
    public String note() {
      return type
          + (address.isNone() ? "" : " " + address)
          + " for "
          + client
          + " to "
          + to
          + (dropped.isEmpty() ? "" : ", without options " + dropped + " that do not fit")
          + " (RFC 2131 section "
          + section()
          + ")";
    }

    private String section() {
      return switch (type) {
        case OFFER -> "4.3.1";
        case ACK, NAK -> address.isNone() && type == MessageType.ACK ? "4.3.5" : "4.3.2";
        case DISCOVER, REQUEST, DECLINE, RELEASE, INFORM, FORCERENEW -> "4.1";
        case LEASEQUERY, LEASEUNASSIGNED, LEASEUNKNOWN, LEASEACTIVE -> "4.1, RFC 4388 6.4";
      };
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(bytes);
    }
  }

  /** An address was offered and is held for the client for a short time. */
  record Offered(HardwareAddress client, Ip4 address, Duration held) implements Step {
    @Override
    public String note() {
      return client + " is offered " + address + ", held for " + held.toSeconds() + " s";
    }
  }

  /** An address is in use by somebody unknown, and rests for a while. */
  record Quarantined(Ip4 address, Duration time, String why) implements Step {
    @Override
    public String note() {
      return address + " rests for " + time.toMinutes() + " min: " + why;
    }
  }

  /** Another DHCP server answers on a link. */
  record RogueServer(String link, Ip4 server, MacAddress mac) implements Step {
    @Override
    public String note() {
      return "another DHCP server, " + server + " at " + mac + ", answers on " + link;
    }
  }

  /**
   * Bytes that are no DHCP request.
   *
   * @param offset where reading failed
   */
  record Malformed(int offset, String reason, Packet bytes) implements Step {
    @Override
    public String note() {
      return "dropped: " + reason + " at offset " + offset;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(bytes);
    }
  }

  /**
   * A DHCPv6 message came in.
   *
   * @param client its DUID in hex
   * @param link the interface it came from
   */
  record Received6(MessageType6 type, String client, String link, Packet bytes) implements Step {
    @Override
    public String note() {
      return type + " from " + client + " on " + link;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(bytes);
    }
  }

  /**
   * The engine made up its mind about a DHCPv6 message.
   *
   * @param client its DUID in hex
   * @param decision what happens, with the addresses and prefixes
   * @param because why, with the RFC section
   */
  record Decided6(MessageType6 type, String client, String decision, String because)
      implements Step {
    @Override
    public String note() {
      return type + " of " + client + ": " + decision + ", because " + because;
    }
  }

  /** A DHCPv6 reply went out. */
  record Sent6(MessageType6 type, String client, String link, Packet bytes) implements Step {
    @Override
    public String note() {
      return type + " for " + client + " on " + link;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(bytes);
    }
  }

  /** Something about routers on a link (RFC 4861). */
  record Routing(String link, String what) implements Step {
    @Override
    public String note() {
      return link + ": " + what;
    }
  }

  /** A host name was written to or removed from DNS, or was not, and why. */
  record Named(String name, Ip address, Outcome outcome, String why) implements Step {
    @Override
    public String note() {
      return name + " " + address + ": " + why;
    }
  }
}
