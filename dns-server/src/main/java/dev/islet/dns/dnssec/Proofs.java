package dev.islet.dns.dnssec;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.zone.Authority;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.Zones;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Type;

/**
 * Adds to an answer what proves it (RFC 4035 section 3.1, RFC 5155 section 7.2): to each set of a
 * signed zone its signatures, and for each step of the walk that ended at something not there, or
 * at a wildcard, the denials.
 */
public final class Proofs {
  private record Key(Name name, int type) {}

  private final Zones zones;
  private final Map<Key, RrSet> signatures = new LinkedHashMap<>();
  private final Map<Key, RrSet> denials = new LinkedHashMap<>();

  private Proofs(Zones zones) {
    this.zones = zones;
  }

  /**
   * The reply with its proofs, for somebody who set the DO bit.
   *
   * @param type that was asked for
   * @param zones that the reply was made of
   */
  public static Authority.Reply added(Authority.Reply reply, int type, Zones zones) {
    boolean signed = reply.walk().stream().anyMatch(w -> w.zone().isSigned());
    return signed ? new Proofs(zones).prove(reply, type) : reply;
  }

  private Authority.Reply prove(Authority.Reply reply, int type) {
    reply.walk().forEach(this::step);
    var plain = reply.answer();
    var answer = new ArrayList<RrSet>();
    for (var set : plain.answer()) {
      if (set.type() != Type.RRSIG) {
        answer.add(set);
        add(answer, signatures.get(new Key(set.name(), set.type())));
      } else if (type == Type.RRSIG) {
        answer.add(set);
      }
    }
    var authority = new ArrayList<RrSet>();
    for (var set : plain.authority()) {
      authority.add(set);
      if (set.type() == Type.SOA) {
        zones.at(set.name()).ifPresent(z -> add(authority, signatures(z, set.name(), set)));
      }
    }
    for (var denial : denials.values()) {
      authority.add(denial);
      add(authority, signatures.get(new Key(denial.name(), denial.type())));
    }
    var additional = new ArrayList<RrSet>();
    for (var set : plain.additional()) {
      additional.add(set);
      zones
          .find(set.name(), set.type())
          .ifPresent(z -> add(additional, signatures(z, set.name(), set)));
    }
    Answer proven = plain.saying(answer, authority, additional);
    return new Authority.Reply(proven, reply.onward(), reply.walk());
  }

  private static void add(List<RrSet> to, @org.jspecify.annotations.Nullable RrSet set) {
    if (set != null) {
      to.add(set);
    }
  }

  private void step(Authority.Walked walked) {
    var zone = walked.zone();
    var name = walked.name();
    switch (walked.found()) {
      case Zone.Found.Sets(var sets, var wildcard) -> {
        sets.forEach(s -> sign(zone, s));
        wildcard(zone, name);
      }
      case Zone.Found.Alias(var cname, var target) -> {
        sign(zone, cname);
        wildcard(zone, name);
      }
      case Zone.Found.Redirect(var dname, var record) -> sign(zone, dname);
      case Zone.Found.NoData() -> {
        if (zone.exists(name)) {
          nothingOfType(zone, name);
        } else {
          var encloser = encloser(zone, name);
          noCloser(zone, name, encloser);
          nothingOfType(zone, star(encloser));
        }
      }
      case Zone.Found.NoName() -> {
        var encloser = encloser(zone, name);
        noCloser(zone, name, encloser);
        covering(zone, star(encloser));
      }
      case Zone.Found.Delegation(var servers) -> {
        var ds = zone.at(servers.name(), Type.DS);
        if (ds.isPresent()) {
          denials.put(new Key(servers.name(), Type.DS), ds.get());
          sign(zone, ds.get());
        } else {
          nothingOfType(zone, servers.name());
        }
      }
    }
  }

  private void sign(Zone zone, RrSet set) {
    var source =
        zone.exists(set.name()) || hashed(zone) && set.type() == Type.NSEC3
            ? set.name()
            : star(encloser(zone, set.name()));
    var found = signatures(zone, source, set);
    if (found != null) {
      signatures.put(new Key(set.name(), set.type()), found);
    }
  }

  /** The signatures of a set, at its name and with its TTL (RFC 4034 section 3). */
  private static @org.jspecify.annotations.Nullable RrSet signatures(
      Zone zone, Name source, RrSet set) {
    var all = zone.at(source, Type.RRSIG);
    if (all.isEmpty()) {
      return null;
    }
    var own = new ArrayList<Record>(1);
    for (var record : all.get().records()) {
      if (record instanceof RRSIGRecord sig && sig.getTypeCovered() == set.type()) {
        own.add(sig);
      }
    }
    return own.isEmpty() ? null : new RrSet(set.name(), Type.RRSIG, set.ttl(), own);
  }

  /**
   * What came from a wildcard needs the proof that no name is closer (RFC 4035 section 3.1.3.3).
   */
  private void wildcard(Zone zone, Name name) {
    if (zone.exists(name)) {
      return;
    }
    var encloser = encloser(zone, name);
    if (hashed(zone)) {
      covering(zone, nextCloser(name, encloser)); // the signature's labels name the encloser
    } else {
      covering(zone, name);
    }
  }

  /** That the name is not there, nor anything between it and the encloser. */
  private void noCloser(Zone zone, Name name, Name encloser) {
    if (hashed(zone)) {
      matching(zone, encloser);
      covering(zone, nextCloser(name, encloser));
    } else {
      covering(zone, name);
    }
  }

  /** That a name that is there has not the type. */
  private void nothingOfType(Zone zone, Name name) {
    if (matching(zone, name)) {
      return;
    }
    if (hashed(zone)) { // a delegation that opted out (RFC 5155 section 7.2.4)
      var encloser = new Name(name, 1);
      while (!encloser.equals(zone.origin()) && !matches(zone, encloser)) {
        encloser = new Name(encloser, 1);
      }
      noCloser(zone, name, encloser);
    } else {
      covering(zone, name); // an empty non-terminal has no NSEC record of its own
    }
  }

  private static boolean hashed(Zone zone) {
    return !zone.order(Type.NSEC3).isEmpty() && param(zone) != null;
  }

  private static @org.jspecify.annotations.Nullable NameHash param(Zone zone) {
    return zone.at(zone.origin(), Type.NSEC3PARAM)
        .map(s -> NameHash.of((org.xbill.DNS.NSEC3PARAMRecord) s.records().getFirst()))
        .orElse(null);
  }

  private static Name owner(Zone zone, Name name) {
    var hash = param(zone);
    return hash == null ? name : hash.owner(name, zone.origin());
  }

  private static boolean matches(Zone zone, Name name) {
    return zone.at(owner(zone, name), denial(zone)).isPresent();
  }

  private boolean matching(Zone zone, Name name) {
    return deny(zone, owner(zone, name));
  }

  private void covering(Zone zone, Name name) {
    zone.order(denial(zone)).atOrBefore(owner(zone, name)).ifPresent(before -> deny(zone, before));
  }

  private boolean deny(Zone zone, Name owner) {
    var found = zone.at(owner, denial(zone));
    found.ifPresent(
        set -> {
          denials.put(new Key(set.name(), set.type()), set);
          var by = signatures(zone, owner, set);
          if (by != null) {
            signatures.put(new Key(set.name(), set.type()), by);
          }
        });
    return found.isPresent();
  }

  private static int denial(Zone zone) {
    return hashed(zone) ? Type.NSEC3 : Type.NSEC;
  }

  /** The longest name above this one that is there (RFC 5155 section 1.3). */
  private static Name encloser(Zone zone, Name name) {
    var above = new Name(name, 1);
    while (!zone.exists(above)) {
      above = new Name(above, 1);
    }
    return above;
  }

  private static Name nextCloser(Name name, Name encloser) {
    return new Name(name, name.labels() - encloser.labels() - 1);
  }

  private static Name star(Name encloser) {
    try {
      return Name.concatenate(STAR, encloser);
    } catch (org.xbill.DNS.NameTooLongException e) {
      return encloser; // no wildcard can be there, nor anything that needs denying
    }
  }

  private static final Name STAR = Name.fromConstantString("*");
}
