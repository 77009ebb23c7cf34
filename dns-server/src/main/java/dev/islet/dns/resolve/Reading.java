package dev.islet.dns.resolve;

import dev.islet.dns.infra.Delegation;
import dev.islet.dns.model.RrSet;
import java.util.List;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** What a name server's reply means for a walk. */
sealed interface Reading {
  /** In words, for the trace. */
  String why();

  /**
   * What was asked for.
   *
   * @param proofs denials that make a wildcard's answer whole, if signatures were wanted
   */
  record Data(List<RrSet> sets, List<RrSet> proofs) implements Reading {
    @Override
    public String why() {
      return "has " + sets.getFirst().size() + " " + Type.string(sets.getFirst().type());
    }
  }

  /**
   * The name, or a DNAME above it, leads to another.
   *
   * @param owner of the CNAME or DNAME
   */
  record Alias(List<RrSet> sets, Name owner, boolean dname, List<RrSet> proofs) implements Reading {
    @Override
    public String why() {
      return owner + " is an alias by " + (dname ? "DNAME (RFC 6672)" : "CNAME");
    }
  }

  /** The name does not exist, or has nothing of the type (RFC 2308). */
  record Nothing(int rcode, List<RrSet> proofs) implements Reading {
    @Override
    public String why() {
      return rcode == Rcode.NXDOMAIN
          ? "no such name (RFC 2308 section 2.1)"
          : "nothing of this type (RFC 2308 section 2.2)";
    }
  }

  /** Others serve a zone that is closer to the name. */
  record Referral(Delegation to) implements Reading {
    @Override
    public String why() {
      return "refers to the servers of " + to.zone();
    }
  }

  /** The server cannot help with this zone. */
  record Lame(String why) implements Reading {}

  /** The message cannot be used. */
  record Broken(String why) implements Reading {}
}
