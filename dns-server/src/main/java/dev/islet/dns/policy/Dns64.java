package dev.islet.dns.policy;

import dev.islet.core.net.Prefix;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.model.Security;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * IPv6 addresses for names that have IPv4 addresses only, for askers behind a translator (RFC
 * 6147).
 *
 * <p>An answer without IPv6 addresses, or with excluded ones only, is put together anew out of the
 * answer to the same question for IPv4 addresses (section 5.1). Both have been validated before
 * they come here, so what is made of them is as secure as the worse (section 5.5).
 */
public final class Dns64 {
  private static final Name IPV4_ONLY = Name.fromConstantString("ipv4only.arpa.");
  private static final Name REVERSE_4 = Name.fromConstantString("in-addr.arpa.");
  private static final Name REVERSE_6 = Name.fromConstantString("ip6.arpa.");
  private static final List<Name> IPV4_ONLY_REVERSE =
      List.of(
          Name.fromConstantString("170.0.0.192.in-addr.arpa."),
          Name.fromConstantString("171.0.0.192.in-addr.arpa."));
  private static final byte[][] IPV4_ONLY_ADDRESSES = {
    {(byte) 192, 0, 0, (byte) 170}, {(byte) 192, 0, 0, (byte) 171}
  };

  /** The master and the mailbox of the zone in RFC 8880 section 9. */
  private static final Name MASTER = Name.fromConstantString("sns.dns.icann.org.");

  private static final Name MAILBOX = Name.fromConstantString("noc.dns.icann.org.");

  /** RFC 8880 section 9. */
  private static final long IPV4_ONLY_TTL = 86_400;

  /** Where nothing says how long the lack of IPv6 addresses holds (RFC 6147 section 5.1.7). */
  private static final long MAX_TTL = 600;

  /** Not global (RFC 6052 section 3.1, RFC 6890 section 2.2.2, multicast and the rest above). */
  private static final List<Prefix> LOCAL =
      List.of(
          Prefix.parse("0.0.0.0/8"),
          Prefix.parse("10.0.0.0/8"),
          Prefix.parse("100.64.0.0/10"),
          Prefix.parse("127.0.0.0/8"),
          Prefix.parse("169.254.0.0/16"),
          Prefix.parse("172.16.0.0/12"),
          Prefix.parse("192.0.0.0/24"),
          Prefix.parse("192.0.2.0/24"),
          Prefix.parse("192.168.0.0/16"),
          Prefix.parse("198.18.0.0/15"),
          Prefix.parse("198.51.100.0/24"),
          Prefix.parse("203.0.113.0/24"),
          Prefix.parse("224.0.0.0/3"));

  private final TranslationPrefix prefix;
  private final Acl clients;
  private final List<Ipv6Network> excluded;
  private final Acl unmapped;

  /**
   * @param prefix of the translator
   * @param clients who asks through it
   * @param excluded IPv6 networks whose addresses count as none (section 5.1.4)
   * @param unmapped IPv4 networks that the translator does not lead to; behind the well-known
   *     prefix all that are not global come on top
   */
  public Dns64(
      TranslationPrefix prefix,
      List<Prefix> clients,
      List<Ipv6Network> excluded,
      List<Prefix> unmapped) {
    this.prefix = prefix;
    this.clients = new Acl(clients);
    this.excluded = List.copyOf(excluded);
    var all = new ArrayList<>(unmapped);
    if (prefix.isWellKnown()) {
      all.addAll(LOCAL);
    }
    this.unmapped = new Acl(all);
  }

  /** The networks of those who ask through the translator. */
  public List<Prefix> clients() {
    return clients.networks();
  }

  /** Whether a question is one for IPv6 addresses by somebody who cannot make them (5.5). */
  public boolean translates(Request request) {
    return request.question().type() == Type.AAAA
        && !(request.dnssecOk() && request.checkingDisabled())
        && clients.allows(request.client().getAddress());
  }

  /**
   * Names by which hosts find the prefix (RFC 7050); they never leave (RFC 8880 section 7.1).
   *
   * @return empty for all other names
   */
  public Optional<Answer> special(Question question, InetAddress client) {
    var name = question.name();
    var records = new ArrayList<Record>();
    if (IPV4_ONLY_REVERSE.contains(name)) {
      if (question.type() == Type.PTR) {
        records.add(new PTRRecord(name, DClass.IN, IPV4_ONLY_TTL, IPV4_ONLY));
      }
      return Optional.of(own(records, name, Rcode.NOERROR));
    }
    if (!name.subdomain(IPV4_ONLY)) {
      return Optional.empty();
    }
    if (!name.equals(IPV4_ONLY)) {
      return Optional.of(own(records, IPV4_ONLY, Rcode.NXDOMAIN));
    }
    for (var four : IPV4_ONLY_ADDRESSES) {
      if (question.type() == Type.A) {
        records.add(new ARecord(name, DClass.IN, IPV4_ONLY_TTL, four));
      } else if (question.type() == Type.AAAA && clients.allows(client)) {
        records.add(new AAAARecord(name, DClass.IN, IPV4_ONLY_TTL, prefix.embed(four)));
      }
    }
    return Optional.of(own(records, IPV4_ONLY, Rcode.NOERROR));
  }

  private static Answer own(List<Record> records, Name zone, int rcode) {
    if (!records.isEmpty()) {
      return Answer.of(List.of(RrSet.of(records)), true);
    }
    long ttl = IPV4_ONLY_TTL;
    var soa = new SOARecord(zone, DClass.IN, ttl, MASTER, MAILBOX, 1, 7_200, 3_600, 604_800, 3_600);
    return new Answer(
        rcode, true, List.of(), List.of(RrSet.of(soa)), List.of(), false, Optional.empty());
  }

  /**
   * The alias that leads from the reverse name of an address behind the prefix to that of the IPv4
   * address in it (section 5.3.1).
   */
  public Optional<RrSet> alias(Question question, InetAddress client) {
    var name = question.name();
    if (question.type() != Type.PTR
        || name.labels() != 35
        || !name.subdomain(REVERSE_6)
        || !clients.allows(client)) {
      return Optional.empty();
    }
    var six = new byte[16];
    for (int i = 0; i < 32; i++) {
      var label = name.getLabelString(31 - i);
      int nibble = label.length() == 1 ? Character.digit(label.charAt(0), 16) : -1;
      if (nibble < 0) {
        return Optional.empty();
      }
      six[i / 2] |= (byte) (nibble << (i % 2 == 0 ? 4 : 0));
    }
    return prefix
        .extract(six)
        .filter(this::mapped)
        .map(four -> RrSet.of(new CNAMERecord(name, DClass.IN, MAX_TTL, reverse(four))));
  }

  private static Name reverse(byte[] four) {
    var text = new StringBuilder();
    for (int i = 3; i >= 0; i--) {
      text.append(four[i] & 0xFF).append('.');
    }
    return Name.fromConstantString(text.append(REVERSE_4).toString());
  }

  /**
   * Whether an answer has no IPv6 address that counts (sections 5.1.1 to 5.1.4). A name that does
   * not exist has none of the other kind either; of failures, those where nobody answered are taken
   * for the lack of addresses, as they are with servers that know no AAAA.
   */
  public boolean lacks(Answer answer) {
    return switch (answer.rcode()) {
      case Rcode.NOERROR -> given(answer).answer().stream().noneMatch(s -> s.type() == Type.AAAA);
      case Rcode.SERVFAIL ->
          answer.error().filter(e -> e.code() == ExtendedError.NO_REACHABLE_AUTHORITY).isPresent();
      default -> false;
    };
  }

  /** An answer without its excluded addresses: the same object, if there are none. */
  public Answer given(Answer answer) {
    var kept = new ArrayList<RrSet>();
    boolean less = false;
    for (var set : answer.answer()) {
      var fine = set.records().stream().filter(r -> !isExcluded(r)).toList();
      less |= fine.size() < set.size();
      if (!fine.isEmpty()) {
        kept.add(fine.size() < set.size() ? RrSet.of(fine).withTtl(set.ttl()) : set);
      }
    }
    return less
        ? unsigned(answer, kept, Type.AAAA, answer.authority(), Security.UNCHECKED)
        : answer;
  }

  private boolean isExcluded(Record record) {
    return record.getType() == Type.AAAA
        && excluded.stream().anyMatch(n -> n.contains(record.rdataToWireCanonical()));
  }

  /**
   * The answer made of both.
   *
   * @param six without an IPv6 address
   * @param four to the same question for IPv4 addresses
   * @return {@code six} itself, if there is nothing to make one of
   */
  public Answer synthesised(Answer six, Answer four) {
    if (four.rcode() == Rcode.SERVFAIL) {
      return four; // bogus, or not to be had (section 5.5)
    }
    long ttl =
        six.authority().stream()
            .filter(s -> s.type() == Type.SOA)
            .mapToLong(RrSet::ttl)
            .min()
            .orElse(MAX_TTL);
    var made = new ArrayList<RrSet>();
    boolean any = false;
    for (var set : four.answer()) {
      if (set.type() != Type.A) {
        made.add(set);
        continue;
      }
      var addresses = new ArrayList<Record>();
      for (var record : set.records()) {
        var address = record.rdataToWireCanonical();
        if (mapped(address)) {
          addresses.add(new AAAARecord(set.name(), DClass.IN, set.ttl(), prefix.embed(address)));
        }
      }
      if (!addresses.isEmpty()) {
        any = true;
        made.add(RrSet.of(addresses).withTtl(Math.min(set.ttl(), ttl)));
      }
    }
    return any
        ? unsigned(four, made, Type.A, List.of(), six.security().and(four.security()))
        : given(six);
  }

  private boolean mapped(byte[] four) {
    try {
      return !unmapped.allows(InetAddress.getByAddress(four));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Signatures of a set that was changed say nothing any more. */
  private static Answer unsigned(
      Answer answer, List<RrSet> sets, int type, List<RrSet> authority, Security security) {
    var kept = new ArrayList<RrSet>();
    for (var set : sets) {
      var fine =
          set.records().stream()
              .filter(r -> !(r instanceof RRSIGRecord s && s.getTypeCovered() == type))
              .toList();
      if (!fine.isEmpty()) {
        kept.add(fine.size() < set.size() ? RrSet.of(fine).withTtl(set.ttl()) : set);
      }
    }
    return new Answer(
        answer.rcode(),
        answer.authoritative(),
        kept,
        authority,
        List.of(),
        false,
        answer.error(),
        security);
  }
}
