package dev.islet.dns.transfer;

import dev.islet.dns.zone.Zone;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.PTRRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.TXTRecord;
import org.xbill.DNS.Type;

/**
 * A zone that lists zones, so that secondaries learn of new ones without an operator (RFC 9432).
 *
 * @param members the zones in it
 */
public record Catalog(Map<Name, Member> members) {
  private static final Name VERSION = Name.fromConstantString("version");
  private static final Name ZONES = Name.fromConstantString("zones");
  private static final Name COO = Name.fromConstantString("coo");
  private static final int LABEL_BYTES = 16;

  /**
   * One zone of a catalog.
   *
   * @param label its unique label; another one means that the zone begins anew (section 5.6)
   * @param leavesTo the catalog that may take it over (section 4.4.1)
   */
  public record Member(String label, Optional<Name> leavesTo) {}

  public Catalog {
    members = Map.copyOf(members);
  }

  /**
   * Reads a catalog; empty if it is broken, which changes nothing about its members (section 5.1):
   * another version than 2, a member twice, or two zones under one label.
   */
  public static Optional<Catalog> of(Zone zone) {
    try {
      var origin = zone.origin();
      var version = records(zone, Name.concatenate(VERSION, origin), Type.TXT);
      if (version.size() != 1
          || !((TXTRecord) version.getFirst()).getStrings().equals(List.of("2"))) {
        return Optional.empty();
      }
      var zones = Name.concatenate(ZONES, origin);
      var members = new LinkedHashMap<Name, Member>();
      for (var set : (Iterable<dev.islet.dns.model.RrSet>) zone.sets()::iterator) {
        boolean member =
            set.type() == Type.PTR
                && set.name().labels() == zones.labels() + 1
                && set.name().subdomain(zones);
        if (!member) {
          continue;
        }
        var coo = records(zone, Name.concatenate(COO, set.name()), Type.PTR);
        var leavesTo =
            coo.size() == 1
                ? Optional.of(((PTRRecord) coo.getFirst()).getTarget())
                : Optional.<Name>empty();
        var name = ((PTRRecord) set.records().getFirst()).getTarget();
        var entry = new Member(set.name().getLabelString(0), leavesTo);
        if (set.size() != 1 || members.put(name, entry) != null) {
          return Optional.empty();
        }
      }
      return Optional.of(new Catalog(members));
    } catch (NameTooLongException e) {
      return Optional.empty();
    }
  }

  private static List<Record> records(Zone zone, Name name, int type) {
    return zone.at(name, type).map(s -> s.records()).orElse(List.of());
  }

  /** The records of a catalog of some zones, in master file form, relative to it (section 4). */
  public static List<String> lines(Collection<Name> zones) {
    var lines = new ArrayList<String>();
    lines.add("@ 0 SOA invalid. invalid. 1 3600 600 2147483646 0");
    lines.add("@ 0 NS invalid.");
    lines.add("version 0 TXT \"2\"");
    zones.stream().sorted().forEach(z -> lines.add(label(z) + ".zones 0 PTR " + z));
    return lines;
  }

  /** The same for the same zone, so that a catalog changes only where its zones do. */
  private static String label(Name zone) {
    try {
      var digest = MessageDigest.getInstance("SHA-256").digest(zone.toWireCanonical());
      return HexFormat.of().formatHex(digest, 0, LABEL_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
