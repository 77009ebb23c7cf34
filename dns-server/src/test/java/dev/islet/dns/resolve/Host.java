package dev.islet.dns.resolve;

import dev.islet.dns.zone.Zone;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.xbill.DNS.CookieOption;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Section;

/** One name server of the {@link Internet}, honest until it is told otherwise. */
final class Host {
  final Map<Name, Zone> zones = new LinkedHashMap<>();
  boolean tcp = true;
  private final Internet net;
  private final InetAddress address;
  private final List<BiFunction<Message, Message, Message>> twists = new ArrayList<>();
  private long delay;
  private double loss;
  private boolean dead;
  private boolean cuts;
  private boolean mangles;
  private boolean ignoresEdns;
  private int ednsCode;
  private byte[] cookie = {};

  Host(Internet net, InetAddress address) {
    this.net = net;
    this.address = address;
    this.delay = (5 + net.random.nextInt(60)) * Internet.MILLI;
  }

  Host takes(int millis) {
    delay = millis * Internet.MILLI;
    return this;
  }

  /** Loses this part of all datagrams. */
  Host loses(double part) {
    loss = part;
    return this;
  }

  Host dead() {
    dead = true;
    return this;
  }

  Host alive() {
    dead = false;
    return this;
  }

  /** Cuts all datagrams. */
  Host cuts() {
    cuts = true;
    return this;
  }

  Host withoutTcp() {
    tcp = false;
    return this;
  }

  /** Gives names back in lower case. */
  Host mangles() {
    mangles = true;
    return this;
  }

  /** Answers only those who bring the cookie that it gave them (RFC 7873 section 5.2.3). */
  Host wantsCookies() {
    cookie = new byte[] {1, 2, 3, 4, 5, 6, 7, 8};
    return this;
  }

  /** Answers without cookies from now on, as a forger would. */
  Host forgetsCookies() {
    cookie = new byte[0];
    return this;
  }

  /** Answers EDNS with an error, and without EDNS. */
  Host refusesEdns(int rcode) {
    ednsCode = rcode;
    return this;
  }

  /** Does not answer what has EDNS. */
  Host ignoresEdns() {
    ignoresEdns = true;
    return this;
  }

  /** Changes replies: gets query and honest reply. */
  Host twist(BiFunction<Message, Message, Message> change) {
    twists.add(change);
    return this;
  }

  /** Answers all with a code. */
  Host says(int rcode) {
    return twist(
        (query, honest) -> {
          var reply = Internet.empty(query);
          reply.getHeader().setRcode(rcode);
          return reply;
        });
  }

  long delay() {
    return delay + net.random.nextInt(2) * Internet.MILLI;
  }

  List<byte[]> answer(byte[] message, boolean stream) {
    if (dead || !stream && net.random.nextDouble() < loss) {
      return List.of();
    }
    var query = Internet.parse(message);
    boolean edns = query.getOPT() != null;
    if (edns && ignoresEdns) {
      return List.of();
    }
    Message reply;
    if (edns && ednsCode != 0) {
      reply = Internet.empty(query);
      reply.getHeader().setRcode(ednsCode);
    } else {
      reply = Internet.reply(query, zones);
      for (var twist : twists) {
        reply = twist.apply(query, reply);
      }
      if (edns && ednsCode == 0) {
        var brought = query.getOPT().getOptions(EDNSOption.Code.COOKIE);
        if (cookie.length == 0 || brought.isEmpty()) {
          reply.addRecord(new OPTRecord(1232, 0, 0), Section.ADDITIONAL);
        } else {
          var theirs = (CookieOption) brought.getFirst();
          boolean good = java.util.Arrays.equals(theirs.getServerCookie().orElse(null), cookie);
          reply = good || stream ? reply : Internet.empty(query);
          reply.getHeader().setRcode(good || stream ? reply.getRcode() : 23 & 0xF);
          reply.addRecord(
              new OPTRecord(
                  1232,
                  good || stream ? 0 : 1,
                  0,
                  0,
                  List.of(new CookieOption(theirs.getClientCookie(), cookie))),
              Section.ADDITIONAL);
        }
      }
    }
    if (!stream && (cuts || reply.toWire().length > 1_232)) {
      var cut = Internet.empty(query);
      cut.getHeader().setRcode(Rcode.NOERROR);
      cut.getHeader().setFlag(Flags.TC);
      reply = cut;
    }
    var bytes = reply.toWire();
    if (mangles) {
      for (int at = 12; bytes[at] != 0; at += 1 + bytes[at]) {
        for (int i = at + 1; i <= at + bytes[at]; i++) {
          bytes[i] = (byte) Character.toLowerCase(bytes[i]);
        }
      }
    }
    return List.of(bytes);
  }

  @Override
  public String toString() {
    return address.getHostAddress();
  }
}
