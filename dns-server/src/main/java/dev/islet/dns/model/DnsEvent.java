package dev.islet.dns.model;

import dev.islet.core.trace.Packet;
import dev.islet.core.trace.TraceEvent;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What a name server tells while it works. */
public sealed interface DnsEvent extends TraceEvent {

  /**
   * A question came in.
   *
   * @param name as asked
   * @param type mnemonic, or TYPEn
   * @param datagram the message
   */
  record Asked(String name, String type, Packet datagram) implements DnsEvent {
    @Override
    public String note() {
      return datagram.source() + " asks for " + name + " " + type;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(datagram);
    }
  }

  /**
   * A question was answered.
   *
   * @param name as asked
   * @param reply what was said, by which handler, why
   * @param cached whether the answer came from the cache
   */
  record Answered(String name, Reply reply, boolean cached) implements DnsEvent {
    @Override
    public String note() {
      return name
          + " "
          + reply.type()
          + " → "
          + reply.rcode()
          + ", "
          + reply.records()
          + " records from "
          + reply.source()
          + ": "
          + reply.why();
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(reply.datagram());
    }
  }

  /**
   * What was said.
   *
   * @param type mnemonic of the type asked for
   * @param rcode mnemonic of the response code
   * @param records in the answer section
   * @param source which handler answered
   * @param why the decision, with the section of the RFC
   * @param datagram the message
   */
  record Reply(
      String type, String rcode, int records, Source source, String why, Packet datagram) {}

  /**
   * A message got no answer, or only an error, because of its form.
   *
   * @param why what is wrong, at which offset
   * @param datagram the message
   */
  record Rejected(String why, boolean answered, Packet datagram) implements DnsEvent {
    @Override
    public String note() {
      return (answered ? "answered with an error: " : "no answer: ") + why;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(datagram);
    }
  }

  /** A reply was held back, since its network gets too many over UDP. */
  record Limited(String name, String type, boolean slipped, InetSocketAddress client)
      implements DnsEvent {
    @Override
    public String note() {
      return client
          + " on "
          + name
          + " "
          + type
          + ": over the rate, "
          + (slipped ? "only a short reply" : "no reply");
    }
  }

  /**
   * A question went to an upstream server.
   *
   * @param attempt from 1
   */
  record Forwarded(String name, String type, int attempt, Packet datagram) implements DnsEvent {
    @Override
    public String note() {
      return "attempt "
          + attempt
          + ": "
          + name
          + " "
          + type
          + " asked of "
          + datagram.destination();
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(datagram);
    }
  }

  /**
   * An upstream server's message was used, or not.
   *
   * @param accepted whether id, question and source matched and the content was usable
   * @param why the decision
   */
  record UpstreamSaid(String name, boolean accepted, String why, Packet datagram)
      implements DnsEvent {
    @Override
    public String note() {
      return datagram.source() + " on " + name + ": " + why;
    }

    @Override
    public Optional<Packet> packet() {
      return Optional.of(datagram);
    }
  }

  /**
   * A step of a walk from the root.
   *
   * @param zone where it stands
   * @param why the step and its reason, with the section of the RFC
   */
  record Walked(String name, String type, String zone, String why) implements DnsEvent {
    @Override
    public String note() {
      return name + " " + type + " at " + zone + ": " + why;
    }
  }

  /**
   * An answer of others was checked by DNSSEC.
   *
   * @param verdict secure, untimed, insecure, bogus, failed or unchecked
   * @param why the decision
   */
  record Validated(String name, String type, String verdict, String why) implements DnsEvent {
    @Override
    public String note() {
      return name + " " + type + " is " + verdict + ": " + why;
    }
  }

  /** An upstream server did not answer in time. */
  record TimedOut(String name, InetSocketAddress upstream, Duration after) implements DnsEvent {
    @Override
    public String note() {
      return upstream + " did not answer on " + name + " within " + after.toMillis() + " ms";
    }
  }

  /**
   * A zone was changed by a dynamic update (RFC 2136).
   *
   * @param serial the new serial
   * @param key the TSIG key that signed it
   * @param removed records, in master file form
   * @param added records, in master file form
   */
  record Updated(
      String zone,
      long serial,
      String key,
      List<String> removed,
      List<String> added,
      InetSocketAddress client)
      implements DnsEvent {
    @Override
    public String note() {
      return zone
          + " is at serial "
          + serial
          + ": "
          + removed.size()
          + " records removed, "
          + added.size()
          + " added, signed by "
          + key
          + " (RFC 2136 section 3.4)";
    }
  }

  /**
   * A dynamic update changed nothing.
   *
   * @param rcode mnemonic of the response code
   * @param why the decision, with the section of the RFC
   */
  record UpdateRefused(String zone, String rcode, String why, InetSocketAddress client)
      implements DnsEvent {
    @Override
    public String note() {
      return "update of " + zone + " by " + client + " → " + rcode + ": " + why;
    }
  }

  /**
   * A zone was signed, whole or in part (RFC 4035 section 2).
   *
   * @param serial of the signed zone
   * @param signatures that were made; all others were kept
   */
  record Signed(String zone, long serial, long signatures) implements DnsEvent {
    @Override
    public String note() {
      return zone + " serial " + serial + ": " + signatures + " signatures made";
    }
  }

  /**
   * A key of a trust anchor went into another phase (RFC 5011 section 4.2).
   *
   * @param from {@code UNKNOWN} if it is new
   * @param to {@code UNKNOWN} if it is forgotten
   */
  record AnchorMoved(String zone, int tag, String from, String to) implements DnsEvent {
    @Override
    public String note() {
      return "trust anchor " + zone + " key " + tag + ": " + from + " → " + to;
    }
  }

  /**
   * A key of a zone went into another phase of its life (RFC 7583).
   *
   * @param from the phase before, {@code NEW} for a key just made
   * @param to the phase from now on, {@code GONE} for a key that was removed
   * @param ask what the parent should have, if it is waited for, else empty
   */
  record KeyMoved(String zone, int tag, String from, String to, String ask) implements DnsEvent {
    @Override
    public String note() {
      return zone + " key " + tag + ": " + from + " → " + to + (ask.isEmpty() ? "" : ", " + ask);
    }
  }

  /** A zone is served from now on. */
  record ZoneLoaded(String zone, long serial, int names, String from) implements DnsEvent {
    @Override
    public String note() {
      return zone + " serial " + serial + " with " + names + " names from " + from;
    }
  }

  /** A zone's new content is not used; what was served before still is. */
  record ZoneRefused(String zone, String why) implements DnsEvent {
    @Override
    public String note() {
      return zone + " keeps its old content: " + why;
    }
  }

  /**
   * A zone, or what changed in it, was given to another server.
   *
   * @param kind AXFR, IXFR, or why it was something between
   * @param records in all messages
   */
  record ZoneSent(
      String zone, long serial, String kind, int messages, int records, InetSocketAddress client)
      implements DnsEvent {
    @Override
    public String note() {
      return zone
          + " serial "
          + serial
          + " given to "
          + client
          + ": "
          + kind
          + ", "
          + records
          + " records in "
          + messages
          + " messages";
    }
  }

  /**
   * A zone was not given to another server.
   *
   * @param rcode mnemonic of the response code
   */
  record TransferRefused(String zone, String rcode, String why, InetSocketAddress client)
      implements DnsEvent {
    @Override
    public String note() {
      return "transfer of " + zone + " to " + client + " → " + rcode + ": " + why;
    }
  }

  /** A transfer to another server took longer than it may; its connection is closed. */
  record TransferCut(String zone, String kind, int records, InetSocketAddress client)
      implements DnsEvent {
    @Override
    public String note() {
      return kind + " of " + zone + " to " + client + " was too slow, cut after " + records;
    }
  }

  /**
   * A secondary was told of a new serial (RFC 1996).
   *
   * @param taken whether it said that it understood
   * @param what it said, or why it said nothing
   */
  record NotifySent(
      String zone, long serial, boolean taken, String what, InetSocketAddress secondary)
      implements DnsEvent {
    @Override
    public String note() {
      return secondary + " was told that " + zone + " is at serial " + serial + ": " + what;
    }
  }

  /**
   * A zone, or what changed in it, came from a primary and is served from now on.
   *
   * @param kind AXFR or IXFR
   * @param bytes of all messages
   */
  record ZoneReceived(String zone, long serial, String kind, long bytes, InetSocketAddress primary)
      implements DnsEvent {
    @Override
    public String note() {
      return zone
          + " serial "
          + serial
          + " came from "
          + primary
          + " by "
          + kind
          + ", "
          + bytes
          + " bytes";
    }
  }

  /** A primary gave nothing that can be used; what is held stays. */
  record TransferFailed(String zone, String why, InetSocketAddress primary) implements DnsEvent {
    @Override
    public String note() {
      return zone + " from " + primary + ": " + why;
    }
  }

  /**
   * No primary answered for so long that a zone's copy may not be used any more.
   *
   * @param seconds the zone's own limit (RFC 1034 section 4.3.5)
   */
  record ZoneExpired(String zone, long seconds) implements DnsEvent {
    @Override
    public String note() {
      return zone + " is answered with SERVFAIL: no primary answered for " + seconds + " s";
    }
  }

  /**
   * Somebody says that a zone has changed (RFC 1996).
   *
   * @param taken whether it is one of the zone's primaries
   */
  record NotifyHeard(String zone, boolean taken, String why, InetSocketAddress from)
      implements DnsEvent {
    @Override
    public String note() {
      return from + " says that " + zone + " has changed: " + why;
    }
  }
}
