package dev.islet.dns.filter;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * How a blocked question is answered: with addresses, with "no data", or with "no such name".
 *
 * @param rcode of answers without data
 * @param addresses for questions of their family
 */
public record BlockReply(int rcode, List<InetAddress> addresses) {
  private static final Name NOBODY = Name.fromConstantString("blocked.invalid.");

  public BlockReply {
    addresses = List.copyOf(addresses);
  }

  /**
   * Reads {@code zero}, {@code nodata}, {@code nxdomain}, or addresses with commas between them.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  public static BlockReply parse(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nxdomain" -> new BlockReply(Rcode.NXDOMAIN, List.of());
      case "nodata" -> new BlockReply(Rcode.NOERROR, List.of());
      case "zero" -> parse("0.0.0.0,::");
      default -> {
        var addresses = new ArrayList<InetAddress>();
        for (var part : text.split(",")) {
          var network = Clients.parse(List.of(part.strip())).networks();
          if (network.isEmpty() || part.indexOf('/') >= 0) {
            throw new IllegalArgumentException(
                "expected zero, nxdomain, nodata or addresses but found \"" + text + "\"");
          }
          addresses.add(network.getFirst().address());
        }
        yield new BlockReply(Rcode.NOERROR, addresses);
      }
    };
  }

  /**
   * The answer.
   *
   * @param ttl seconds
   */
  Answer say(Question question, long ttl, int error, String why) {
    var name = question.name();
    var records = new ArrayList<Record>();
    for (var address : addresses) {
      boolean four = address instanceof Inet4Address;
      if (four && question.type() == Type.A) {
        records.add(new ARecord(name, DClass.IN, ttl, address));
      } else if (!four && question.type() == Type.AAAA) {
        records.add(new AAAARecord(name, DClass.IN, ttl, address));
      }
    }
    return records.isEmpty()
        ? nothing(question, rcode, ttl, error, why)
        : Answer.of(List.of(RrSet.of(records)), false).because(error, why);
  }

  /** An answer without data that may be remembered for a while (RFC 2308 section 5). */
  static Answer nothing(Question question, int rcode, long ttl, int error, String why) {
    var soa =
        new SOARecord(question.name(), DClass.IN, ttl, NOBODY, NOBODY, 1, 3_600, 600, 86_400, ttl);
    return new Answer(
        rcode,
        false,
        List.of(),
        List.of(RrSet.of(soa)),
        List.of(),
        false,
        Optional.of(new ExtendedError(error, why)));
  }
}
