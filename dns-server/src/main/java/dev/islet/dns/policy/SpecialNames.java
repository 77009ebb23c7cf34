package dev.islet.dns.policy;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * Names with a meaning of their own that never leave this server (RFC 6761, 6303, 6762, 7686, 8375,
 * 9476): {@code localhost} is this machine, the rest does not exist, unless the operator has a zone
 * or a forwarder for exactly that tree.
 */
public final class SpecialNames {
  private static final Name LOCALHOST = Name.fromConstantString("localhost.");
  private static final Name LOOPBACK_4 = Name.fromConstantString("1.0.0.127.in-addr.arpa.");
  private static final Name LOOPBACK_6 =
      Name.fromConstantString("1." + "0.".repeat(31) + "ip6.arpa.");
  private static final Name DESIGNATED = Name.fromConstantString("_dns.resolver.arpa.");
  private static final Name NOBODY = Name.fromConstantString("nobody.invalid.");
  private static final long TTL = 10_800; // RFC 6303 section 3

  private final Map<Name, String> trees = new HashMap<>();
  private final Set<Name> exempt;
  private final List<Record> designated;

  /** As {@link #SpecialNames(Set, List)}, announcing nothing. */
  public SpecialNames(Set<Name> exempt) {
    this(exempt, List.of());
  }

  /**
   * @param exempt origins of configured zones and suffixes with forwarders of their own: they and
   *     what lies below them are not special
   * @param designated SVCB records of {@code _dns.resolver.arpa}, the encrypted ways to ask us (RFC
   *     9462 section 4); there may be none
   */
  public SpecialNames(Set<Name> exempt, List<Record> designated) {
    this.exempt = Set.copyOf(exempt);
    this.designated = List.copyOf(designated);
    put("RFC 6761 section 6.3", "localhost.");
    put("RFC 6761 section 6.4", "invalid.");
    put("RFC 6761 section 6.2", "test.");
    put("RFC 7686 section 2", "onion.");
    put("RFC 9476 section 3", "alt.");
    put("RFC 6762 section 22.1", "local.");
    put("RFC 8375 section 4", "home.arpa.");
    put("RFC 9462 section 6.4", "resolver.arpa.");
    var local = "RFC 6303 section 4";
    put(local, "0.in-addr.arpa.", "127.in-addr.arpa.", "10.in-addr.arpa.");
    put(local, "254.169.in-addr.arpa.", "168.192.in-addr.arpa.");
    put(local, "2.0.192.in-addr.arpa.", "100.51.198.in-addr.arpa.", "113.0.203.in-addr.arpa.");
    put(local, "255.255.255.255.in-addr.arpa.");
    for (int i = 16; i < 32; i++) {
      put(local, i + ".172.in-addr.arpa.");
    }
    for (int i = 64; i < 128; i++) {
      put("RFC 7793 section 2", i + ".100.in-addr.arpa.");
    }
    put(local, "0.".repeat(32) + "ip6.arpa.", LOOPBACK_6.toString());
    put(local, "d.f.ip6.arpa.", "8.e.f.ip6.arpa.", "9.e.f.ip6.arpa.", "a.e.f.ip6.arpa.");
    put(local, "b.e.f.ip6.arpa.", "8.b.d.0.1.0.0.2.ip6.arpa.");
  }

  private void put(String rfc, String... names) {
    for (var name : names) {
      trees.put(Name.fromConstantString(name), rfc);
    }
  }

  /**
   * What a special name is answered with.
   *
   * @param rfc the document and section that says so
   */
  public record Special(Answer answer, String rfc) {}

  /** The answer to a question about a special name; empty for all others. */
  public Optional<Special> answer(Question question) {
    var name = question.name();
    for (int up = 0; up < name.labels(); up++) {
      var at = up == 0 ? name : new Name(name, up);
      if (exempt.contains(at)) {
        return Optional.empty();
      }
      var rfc = trees.get(at);
      if (rfc != null) {
        return exemptAbove(at) ? Optional.empty() : Optional.of(say(question, at, rfc));
      }
    }
    return Optional.empty();
  }

  /** A configured {@code 192.in-addr.arpa} means its private part as well. */
  private boolean exemptAbove(Name tree) {
    for (int up = 1; up < tree.labels(); up++) {
      var at = new Name(tree, up);
      if (at.labels() > 1 && exempt.contains(at)) {
        return true;
      }
    }
    return false;
  }

  private Special say(Question question, Name tree, String rfc) {
    var records = new ArrayList<Record>();
    var name = question.name();
    boolean announces = !designated.isEmpty() && name.equals(DESIGNATED);
    boolean exists =
        announces || name.equals(tree) || tree.equals(LOCALHOST) || name.equals(LOOPBACK_4);
    int type = question.type();
    if (tree.equals(LOCALHOST)) {
      if (type == Type.A || type == Type.ANY) {
        records.add(new ARecord(name, DClass.IN, TTL, ip("127.0.0.1")));
      } else if (type == Type.AAAA) {
        records.add(new AAAARecord(name, DClass.IN, TTL, ip("::1")));
      }
    } else if (name.equals(LOOPBACK_4) || name.equals(LOOPBACK_6)) {
      if (type == Type.PTR) {
        records.add(new PTRRecord(name, DClass.IN, TTL, LOCALHOST));
      }
    } else if (announces) {
      if (type == Type.SVCB || type == Type.ANY) {
        records.addAll(designated);
      }
    } else if (name.equals(tree) && type == Type.NS) {
      records.add(new NSRecord(name, DClass.IN, TTL, tree));
    }
    var soa = soa(tree);
    if (records.isEmpty() && name.equals(tree) && type == Type.SOA) {
      records.add(soa);
    }
    if (!records.isEmpty()) {
      return new Special(Answer.of(List.of(RrSet.of(records)), true), rfc);
    }
    int rcode = exists || between(name) ? Rcode.NOERROR : Rcode.NXDOMAIN;
    return new Special(
        new Answer(
            rcode, true, List.of(), List.of(RrSet.of(soa)), List.of(), false, Optional.empty()),
        rfc);
  }

  /** Names that only lead to the one of the loopback address. */
  private static boolean between(Name name) {
    return LOOPBACK_4.subdomain(name);
  }

  private static SOARecord soa(Name tree) {
    return new SOARecord(tree, DClass.IN, TTL, tree, NOBODY, 1, 3_600, 1_200, 604_800, TTL);
  }

  private static InetAddress ip(String literal) {
    try {
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
