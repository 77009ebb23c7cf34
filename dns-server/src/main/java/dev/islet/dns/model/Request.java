package dev.islet.dns.model;

import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * A question as it came in, with all that shapes the reply.
 *
 * @param id copied into the reply
 * @param flags the second 16-bit word of the header
 * @param question what is asked, in the asker's case
 * @param edns the asker's OPT record, if there was one
 * @param client who asks
 * @param local the address that was asked
 * @param transport what carried it, and will carry the reply
 */
public record Request(
    int id,
    int flags,
    Question question,
    Optional<Edns> edns,
    InetSocketAddress client,
    InetSocketAddress local,
    Transport transport) {

  /**
   * What an OPT record says (RFC 6891 section 6.1).
   *
   * @param udpSize the largest datagram the asker can take
   * @param version 0 is the only known one
   * @param dnssecOk the DO bit (RFC 3225)
   * @param nsid whether the server's name is asked for (RFC 5001)
   * @param keepalive whether the time a connection may be idle is asked for (RFC 7828)
   * @param padding whether padding is wanted (RFC 7830)
   * @param cookie the cookie that the reply gets, if there was one (RFC 7873)
   */
  public record Edns(
      int udpSize,
      int version,
      boolean dnssecOk,
      boolean nsid,
      boolean keepalive,
      boolean padding,
      Optional<Cookie> cookie) {

    /** Without the options that only shape the reply's own. */
    public Edns(int udpSize, int version, boolean dnssecOk, boolean nsid) {
      this(udpSize, version, dnssecOk, nsid, false, false, Optional.empty());
    }

    /** The same for an asker who can take datagrams of another size. */
    public Edns withUdpSize(int bytes) {
      return new Edns(bytes, version, dnssecOk, nsid, keepalive, padding, cookie);
    }
  }

  /**
   * A cookie for the reply, each part in network order, and what the asker's was worth.
   *
   * @param client the asker's part
   * @param head the first word of the server's part (RFC 9018 section 4)
   * @param hash the second word of it
   * @param proven whether the asker showed one that was given to its address
   */
  public record Cookie(long client, long head, long hash, boolean proven) {}

  /** The same over a shorter way; only for an asker with EDNS. */
  public Request withUdpSize(int bytes) {
    return new Request(
        id, flags, question, edns.map(e -> e.withUdpSize(bytes)), client, local, transport);
  }

  /** The same asked for records of another type. */
  public Request withType(int type) {
    var other = new Question(question.name(), type, question.dclass());
    return new Request(id, flags, other, edns, client, local, transport);
  }

  /** Whether the asker has shown that its address is its own: by a handshake or a cookie. */
  public boolean proven() {
    return tcp() || edns.flatMap(Edns::cookie).map(Cookie::proven).orElse(false);
  }

  /** Over a stream, so that size is no matter. */
  public boolean tcp() {
    return transport.stream();
  }

  /** RD: the asker wants recursion. */
  public boolean recursionDesired() {
    return (flags & 0x0100) != 0;
  }

  /** CD: the asker validates by itself (RFC 4035 section 3.2.2). */
  public boolean checkingDisabled() {
    return (flags & 0x0010) != 0;
  }

  /**
   * AD in a question: the asker wants to hear whether the answer is secure (RFC 6840 section 5.7).
   */
  public boolean authenticDataWanted() {
    return (flags & 0x0020) != 0;
  }

  /** DO: the asker wants signatures. */
  public boolean dnssecOk() {
    return edns.isPresent() && edns.get().dnssecOk();
  }
}
