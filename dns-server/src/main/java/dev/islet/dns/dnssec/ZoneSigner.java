package dev.islet.dns.dnssec;

import dev.islet.dns.model.Denial;
import dev.islet.dns.model.RrSet;
import dev.islet.dns.zone.Order;
import dev.islet.dns.zone.Serial;
import dev.islet.dns.zone.Zone;
import dev.islet.dns.zone.ZoneEdit;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.xbill.DNS.CDNSKEYRecord;
import org.xbill.DNS.CDSRecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Type;

/**
 * Makes a signed zone of an unsigned one, as a function of the zone, its keys and the time.
 *
 * <p>There is one way for a first signing, a change and a refresh: for some names it is worked out
 * what the signed zone holds there, with each signature kept that still fits, and the rest of the
 * zone stays as it was signed before. The names are those that changed, and those before them in
 * the chain of denials, whose records point to them.
 */
final class ZoneSigner {
  /** An unsigned zone, and the signed one that was made of it. */
  record Signed(Zone unsigned, Zone served) {}

  /**
   * What is to be worked out again.
   *
   * @param names of the zone
   * @param obsolete owners of the chain that go, unless one of the names has them
   * @param signed owners of NSEC3 records that only need new signatures
   */
  private record Work(Set<Name> names, Set<Name> obsolete, Set<Name> signed) {}

  private record Content(Name name, List<RrSet> sets) {}

  private final Name origin;
  private final List<KeyState> keys;
  private final SigningPolicy policy;
  private final Signatures signatures;
  private final boolean hashed;

  ZoneSigner(Name origin, List<KeyState> keys, SigningPolicy policy, Instant now) {
    this.origin = origin;
    this.keys = List.copyOf(keys);
    this.policy = policy;
    this.signatures = new Signatures(origin, keys, policy, now);
    this.hashed = policy.denial() == Denial.NSEC3;
  }

  /** How many signatures were made. */
  long made() {
    return signatures.made();
  }

  /** Signs a whole zone; signatures of a zone signed before are kept where they fit. */
  Zone all(Zone unsigned, Optional<Zone> served, long serial) {
    var names = new HashSet<Name>();
    Stream.concat(unsigned.sets(), served.stream().flatMap(Zone::sets))
        .filter(s -> s.type() != Type.NSEC3)
        .map(RrSet::name)
        .distinct()
        .forEach(name -> withThoseAbove(name, names));
    var base = served.orElse(unsigned);
    var hashes = Set.copyOf(base.order(Type.NSEC3).names());
    names.removeAll(hashes);
    return make(unsigned, base, new Work(names, hashed ? hashes : Set.of(), Set.of()), serial);
  }

  /** Signs what changed at some names since the zone was signed. */
  Zone changed(Zone unsigned, Signed before, Collection<Name> touched, long serial) {
    var names = new LinkedHashSet<Name>();
    names.add(origin);
    touched.forEach(name -> withThoseAbove(name, names));
    for (var name : touched) {
      if (cuts(unsigned, name) != cuts(before.unsigned(), name)) {
        Stream.concat(unsigned.sets(), before.unsigned().sets())
            .map(RrSet::name)
            .filter(n -> n.subdomain(name))
            .forEach(n -> withThoseAbove(n, names));
      }
    }
    return make(unsigned, before.served(), new Work(names, Set.of(), Set.of()), serial);
  }

  /** Signs again what ends soon. */
  Zone refreshed(Signed before, long serial) {
    var names = new HashSet<Name>();
    var hashes = new HashSet<Name>();
    names.add(origin);
    before
        .served()
        .sets()
        .filter(s -> s.type() == Type.RRSIG && s.records().stream().anyMatch(signatures::isOld))
        .forEach(
            s ->
                (before.served().order(Type.NSEC3).holds(s.name()) ? hashes : names).add(s.name()));
    return make(before.unsigned(), before.served(), new Work(names, Set.of(), hashes), serial);
  }

  /** Whether what lies below a name is not the zone's own. */
  private boolean cuts(Zone zone, Name name) {
    return zone.at(name, Type.DNAME).isPresent()
        || !name.equals(origin) && zone.at(name, Type.NS).isPresent();
  }

  private void withThoseAbove(Name name, Set<Name> into) {
    for (int up = 0; up <= name.labels() - origin.labels(); up++) {
      if (!into.add(up == 0 ? name : new Name(name, up))) {
        return;
      }
    }
  }

  private Zone make(Zone unsigned, Zone base, Work work, long serial) {
    var kinds = new HashMap<Name, Kind>();
    work.names().forEach(name -> kinds.put(name, Kind.of(unsigned, name)));
    var owners = owners(kinds.keySet());
    var old = base.order(hashed ? Type.NSEC3 : Type.NSEC);
    var come = new HashSet<Name>();
    var gone = new HashSet<>(work.obsolete());
    kinds.forEach(
        (name, kind) -> {
          if (!kind.inChain(hashed)) {
            gone.add(owners.getOrDefault(name, name));
          }
        });
    kinds.forEach(
        (name, kind) -> {
          if (kind.inChain(hashed)) {
            come.add(owners.getOrDefault(name, name));
          }
        });
    gone.removeAll(come);
    gone.removeIf(owner -> !old.holds(owner));
    come.removeIf(old::holds);
    var order = old.with(come, gone);
    var linked = new HashSet<>(work.signed());
    Stream.concat(come.stream(), gone.stream())
        .forEach(owner -> order.before(owner).ifPresent(linked::add));
    linked.removeIf(owner -> !order.holds(owner));

    long ttl = Math.min(unsigned.soa().ttl(), unsigned.start().getMinimum()); // RFC 9077
    var plan = new Plan(unsigned, base, order, serial, ttl);
    var contents = new ArrayList<Content>();
    if (hashed) {
      owners.values().forEach(linked::remove);
      contents.addAll(
          owners.entrySet().parallelStream()
              .flatMap(e -> plan.both(e.getKey(), Kind.of(unsigned, e.getKey()), e.getValue()))
              .toList());
      contents.addAll(linked.parallelStream().map(plan::relinked).toList());
      gone.forEach(owner -> contents.add(new Content(owner, List.of())));
    } else {
      linked.forEach(name -> kinds.computeIfAbsent(name, n -> Kind.of(unsigned, n)));
      contents.addAll(
          kinds.entrySet().parallelStream()
              .map(e -> plan.plain(e.getKey(), e.getValue()))
              .toList());
      base.order(Type.NSEC3).names().forEach(owner -> contents.add(new Content(owner, List.of())));
    }
    var edit = base.edit();
    contents.forEach(content -> apply(edit, content));
    return edit.done();
  }

  /** The owners of the NSEC3 records of names; none without NSEC3. */
  private Map<Name, Name> owners(Set<Name> names) {
    var owners = new HashMap<Name, Name>();
    if (hashed) {
      names.forEach(name -> owners.put(name, NameHash.PLAIN.owner(name, origin)));
    }
    return owners;
  }

  private static void apply(ZoneEdit edit, Content content) {
    for (var there : edit.at(content.name())) {
      if (content.sets().stream().noneMatch(s -> s.type() == there.type())) {
        edit.remove(content.name(), there.type());
      }
    }
    for (var set : content.sets()) {
      if (!edit.at(content.name(), set.type()).map(set::equals).orElse(false)) {
        edit.put(set);
      }
    }
  }

  /** What the signed zone holds at each name. */
  private final class Plan {
    private final Zone unsigned;
    private final Zone base;
    private final Order order;
    private final long serial;
    private final long ttl;

    Plan(Zone unsigned, Zone base, Order order, long serial, long ttl) {
      this.unsigned = unsigned;
      this.base = base;
      this.order = order;
      this.serial = serial;
      this.ttl = ttl;
    }

    /** A name in a zone with NSEC. */
    Content plain(Name name, Kind kind) {
      var sets = own(name, kind);
      if (kind.inChain(false)) {
        var types = types(sets, kind, true);
        types.add(Type.NSEC);
        var next = order.after(name).orElse(origin);
        sets.add(RrSet.of(new NSECRecord(name, DClass.IN, ttl, next, array(types))));
      }
      return signed(name, sets, kind);
    }

    /** A name in a zone with NSEC3, and its hash. */
    Stream<Content> both(Name name, Kind kind, Name owner) {
      var sets = own(name, kind);
      var content = signed(name, sets, kind);
      if (!kind.inChain(true)) {
        return Stream.of(content);
      }
      boolean any = content.sets().stream().anyMatch(s -> s.type() == Type.RRSIG);
      return Stream.of(content, hash(owner, array(types(sets, kind, any))));
    }

    /** A hash whose next one is another now. */
    Content relinked(Name owner) {
      var old = (NSEC3Record) base.at(owner, Type.NSEC3).orElseThrow().records().getFirst();
      return hash(owner, old.getTypes());
    }

    private Content hash(Name owner, int[] types) {
      var next = order.after(owner).orElse(owner);
      var record = NameHash.PLAIN.record(owner, ttl, next, types);
      return signed(owner, new ArrayList<>(List.of(RrSet.of(record))), Kind.OURS);
    }

    private Content signed(Name name, List<RrSet> sets, Kind kind) {
      var old = base.at(name, Type.RRSIG).map(RrSet::records).orElse(List.of());
      var proofs = new ArrayList<Record>();
      for (var set : sets) {
        boolean sign =
            switch (kind) {
              case OURS -> true;
              case DELEGATION -> set.type() == Type.DS || set.type() == Type.NSEC;
              case ABSENT, EMPTY, OCCLUDED -> false;
            };
        if (sign) {
          proofs.addAll(signatures.of(set, base.at(name, set.type()), old));
        }
      }
      if (!proofs.isEmpty()) {
        sets.add(RrSet.of(proofs));
      }
      return new Content(name, sets);
    }

    /** The zone's data at a name, with what the signer adds to the top. */
    private List<RrSet> own(Name name, Kind kind) {
      var sets = new ArrayList<RrSet>();
      for (var set : unsigned.at(name)) {
        boolean top = name.equals(origin);
        switch (set.type()) {
          case Type.RRSIG, Type.NSEC, Type.NSEC3, Type.NSEC3PARAM -> {}
          case Type.SOA -> sets.add(RrSet.of(soa()));
          case Type.DNSKEY, Type.CDS, Type.CDNSKEY -> {
            if (!top) {
              sets.add(set);
            }
          }
          default -> sets.add(set);
        }
      }
      if (name.equals(origin) && kind == Kind.OURS) {
        sets.addAll(top());
      }
      return sets;
    }

    private SOARecord soa() {
      return Serial.in(unsigned.start(), serial, unsigned.soa().ttl());
    }

    /** Keys of others, as of a second signer (RFC 8901), stay beside ours. */
    private List<RrSet> top() {
      var dnskeys = foreign(Type.DNSKEY);
      var cds = foreign(Type.CDS);
      var cdnskeys = foreign(Type.CDNSKEY);
      long keyTtl = SigningPolicy.KEY_TTL.toSeconds();
      for (var state : keys) {
        var key = state.key().record();
        if (state.phase().published()) {
          dnskeys.add(Records.at(key, keyTtl));
        }
        if (state.phase().named() && state.role().entry() && !policy.withdraw()) {
          cds.add(Records.cds(key, keyTtl));
          cdnskeys.add(Records.cdnskey(key, keyTtl));
        }
      }
      if (policy.withdraw()) {
        cds =
            new ArrayList<>(
                List.of(new CDSRecord(origin, DClass.IN, keyTtl, 0, 0, 0, new byte[1])));
        cdnskeys =
            new ArrayList<>(
                List.of(new CDNSKEYRecord(origin, DClass.IN, keyTtl, 0, 3, 0, new byte[1])));
      }
      var sets = new ArrayList<RrSet>();
      for (var records : List.of(dnskeys, cds, cdnskeys)) {
        if (!records.isEmpty()) {
          sets.add(RrSet.of(records));
        }
      }
      if (hashed) {
        sets.add(RrSet.of(NameHash.PLAIN.param(origin)));
      }
      return sets;
    }

    private List<Record> foreign(int type) {
      return new ArrayList<>(unsigned.at(origin, type).map(RrSet::records).orElse(List.of()));
    }
  }

  /** RFC 4034 section 4.1.2, RFC 4035 section 2.3: of a delegation only NS and DS are told. */
  private static Set<Integer> types(List<RrSet> sets, Kind kind, boolean signed) {
    var types = new java.util.TreeSet<Integer>();
    for (var set : sets) {
      int type = set.type();
      boolean told = kind != Kind.DELEGATION || type == Type.NS || type == Type.DS;
      if (told && type != Type.RRSIG) {
        types.add(type);
      }
    }
    if (signed) {
      types.add(Type.RRSIG);
    }
    return types;
  }

  private static int[] array(Set<Integer> types) {
    return types.stream().mapToInt(Integer::intValue).toArray();
  }
}
