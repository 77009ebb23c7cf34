package dev.islet.dns.validate;

import java.util.List;
import java.util.Optional;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;

/** What NSEC records of one zone prove (RFC 4035 section 5.4, 6840 section 4). */
final class NsecDenials {
  private final Name zone;
  private final List<NSECRecord> records;

  NsecDenials(Name zone, List<NSECRecord> records) {
    this.zone = zone;
    this.records =
        records.stream()
            .filter(r -> r.getName().subdomain(zone) && r.getNext().subdomain(zone))
            .toList();
  }

  boolean noName(Name name) {
    var covering = covering(name);
    if (covering.isEmpty() || between(covering.get(), name)) {
      return false;
    }
    var wildcard = wildcard(encloser(covering.get(), name));
    return wildcard.flatMap(this::covering).filter(w -> !between(w, wildcard.get())).isPresent();
  }

  boolean noData(Name name, int type) {
    var matching = matching(name);
    if (matching.isPresent()) {
      return Bitmap.of(matching.get()).denies(name, type);
    }
    var covering = covering(name);
    if (covering.isEmpty()) {
      return false;
    }
    if (between(covering.get(), name)) {
      return true;
    }
    var wildcard = wildcard(encloser(covering.get(), name));
    if (wildcard.isEmpty()) {
      return false;
    }
    var there = matching(wildcard.get());
    return there.isPresent()
        ? Bitmap.of(there.get()).denies(wildcard.get(), type)
        : covering(wildcard.get()).filter(w -> between(w, wildcard.get())).isPresent();
  }

  boolean nothingCloser(Name name, Name encloser) {
    return covering(name)
        .filter(r -> !between(r, name) && encloser(r, name).labels() <= encloser.labels())
        .isPresent();
  }

  Cut cut(Name name) {
    var matching = matching(name);
    if (matching.isPresent()) {
      return Bitmap.of(matching.get()).cut();
    }
    return covering(name).map(r -> between(r, name) ? Cut.NONE : Cut.NO_NAME).orElse(Cut.UNPROVEN);
  }

  private Optional<NSECRecord> matching(Name name) {
    return records.stream().filter(r -> r.getName().equals(name)).findFirst();
  }

  /** The record that says that no owner is here; not one of the parent's side of a zone cut. */
  private Optional<NSECRecord> covering(Name name) {
    if (!name.subdomain(zone)) {
      return Optional.empty();
    }
    return records.stream()
        .filter(
            r ->
                r.getName().compareTo(name) < 0
                    && (name.compareTo(r.getNext()) < 0 || r.getNext().equals(zone))
                    && !(name.subdomain(r.getName()) && Bitmap.of(r).endsZone()))
        .findFirst();
  }

  /** Whether a covered name is there all the same, without records, between two that are there. */
  private static boolean between(NSECRecord covering, Name name) {
    return covering.getNext().subdomain(name);
  }

  /** The closest name above that is there: shared with the owner or with the next one. */
  private static Name encloser(NSECRecord covering, Name name) {
    var owner = shared(name, covering.getName());
    var next = shared(name, covering.getNext());
    return owner.labels() > next.labels() ? owner : next;
  }

  private static Name shared(Name name, Name other) {
    for (int up = 0; up < name.labels(); up++) {
      var each = up == 0 ? name : new Name(name, up);
      if (other.subdomain(each)) {
        return each;
      }
    }
    return Name.root;
  }

  static Optional<Name> wildcard(Name encloser) {
    try {
      return Optional.of(Name.concatenate(Name.fromConstantString("*"), encloser));
    } catch (org.xbill.DNS.NameTooLongException e) {
      return Optional.empty();
    }
  }
}
