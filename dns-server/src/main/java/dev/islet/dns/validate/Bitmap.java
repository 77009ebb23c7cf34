package dev.islet.dns.validate;

import java.util.Arrays;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.NSECRecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/** The types at a name, as its denial lists them. */
record Bitmap(int... types) {
  static Bitmap of(NSECRecord record) {
    return new Bitmap(record.getTypes());
  }

  static Bitmap of(NSEC3Record record) {
    return new Bitmap(record.getTypes());
  }

  boolean has(int type) {
    return Arrays.stream(types).anyMatch(t -> t == type);
  }

  /** A delegation, seen from above: it speaks for the parent's side of the cut only. */
  boolean delegates() {
    return has(Type.NS) && !has(Type.SOA);
  }

  /** Whether names below the owner are out of the reach of its zone, or made by a DNAME. */
  boolean endsZone() {
    return delegates() || has(Type.DNAME);
  }

  /**
   * Whether it denies a type at its owner (RFC 6840 sections 4.1 to 4.4): neither the type nor an
   * alias is there, and the record is of the side of a zone cut that the type belongs to.
   */
  boolean denies(Name owner, int type) {
    if (has(type) || has(Type.CNAME)) {
      return false;
    }
    return type == Type.DS ? !has(Type.SOA) || owner.equals(Name.root) : !delegates();
  }

  /** What a name is that has no DS set. */
  Cut cut() {
    if (has(Type.SOA) || has(Type.DS)) {
      return Cut.UNPROVEN; // of the child's side, or there is one
    }
    return has(Type.NS) ? Cut.UNSIGNED : Cut.NONE;
  }
}
