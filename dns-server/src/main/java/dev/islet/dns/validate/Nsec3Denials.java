package dev.islet.dns.validate;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.NSEC3Record;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.utils.base32;

/** What NSEC3 records of one zone prove (RFC 5155 section 8). */
final class Nsec3Denials {
  /** More are treated as insecure (RFC 9276 section 3.2); others agreed on this number. */
  static final int MAX_ITERATIONS = 50;

  private static final int SHA1 = 1;
  private static final int OPT_OUT = 1;
  private static final int HASH_BYTES = 20;

  /** The closest name above that is there, and the one below it that is not. */
  private record Enclosed(Name encloser, Bitmap types, Name nextCloser) {}

  private final Name zone;
  private final Budget budget;
  private final List<NSEC3Record> records;
  private final boolean excessive;
  private final Map<Name, byte[]> hashes = new HashMap<>();

  /** Those of the first one's parameters; a zone's answer has no others (section 7.2). */
  Nsec3Denials(Name zone, List<NSEC3Record> all, Budget budget) {
    this.zone = zone;
    this.budget = budget;
    var known = all.stream().filter(r -> readable(zone, r)).toList();
    this.records =
        known.stream()
            .filter(
                r ->
                    r.getIterations() == known.getFirst().getIterations()
                        && Arrays.equals(r.getSalt(), known.getFirst().getSalt()))
            .toList();
    this.excessive = !known.isEmpty() && known.getFirst().getIterations() > MAX_ITERATIONS;
  }

  /** Unknown algorithms and flags are ignored (sections 8.1, 8.2). */
  private static boolean readable(Name zone, NSEC3Record record) {
    return record.getHashAlgorithm() == SHA1
        && (record.getFlags() & ~OPT_OUT) == 0
        && record.getNext().length == HASH_BYTES
        && record.getName().labels() == zone.labels() + 1
        && record.getName().subdomain(zone)
        && owner(record).length == HASH_BYTES;
  }

  Proven noName(Name name) {
    if (excessive) {
      return Proven.TOO_MANY_ITERATIONS;
    }
    var enclosed = enclosed(name);
    if (enclosed == null || enclosed.types().endsZone()) {
      return Proven.NO;
    }
    var next = covering(enclosed.nextCloser());
    var wildcard = NsecDenials.wildcard(enclosed.encloser());
    if (next == null || wildcard.isEmpty() || covering(wildcard.get()) == null) {
      return Proven.NO;
    }
    return optsOut(next) ? Proven.OPT_OUT : Proven.YES;
  }

  Proven noData(Name name, int type) {
    if (excessive) {
      return Proven.TOO_MANY_ITERATIONS;
    }
    var matching = matching(name);
    if (matching != null) {
      return Bitmap.of(matching).denies(name, type) ? Proven.YES : Proven.NO;
    }
    var enclosed = enclosed(name);
    if (enclosed == null || enclosed.types().endsZone()) {
      return Proven.NO;
    }
    var next = covering(enclosed.nextCloser());
    if (next == null) {
      return Proven.NO;
    }
    var wildcard = NsecDenials.wildcard(enclosed.encloser());
    var there = wildcard.map(this::matching).orElse(null);
    if (there != null && !Bitmap.of(there).denies(wildcard.get(), type)) {
      return Proven.NO;
    }
    if (optsOut(next)) {
      return Proven.OPT_OUT; // section 8.6, and for other types its erratum 3441
    }
    return there != null ? Proven.YES : Proven.NO;
  }

  Proven nothingCloser(Name name, Name encloser) {
    if (excessive) {
      return Proven.TOO_MANY_ITERATIONS;
    }
    int up = name.labels() - encloser.labels() - 1;
    var next = covering(up == 0 ? name : new Name(name, up));
    if (next == null) {
      return Proven.NO;
    }
    return optsOut(next) ? Proven.OPT_OUT : Proven.YES;
  }

  Cut cut(Name name) {
    if (excessive) {
      return Cut.UNCOMPUTED;
    }
    var matching = matching(name);
    if (matching != null) {
      return Bitmap.of(matching).cut();
    }
    var enclosed = enclosed(name);
    if (enclosed == null || enclosed.types().endsZone()) {
      return Cut.UNPROVEN;
    }
    var next = covering(enclosed.nextCloser());
    if (next == null) {
      return Cut.UNPROVEN;
    }
    return optsOut(next) ? Cut.UNSIGNED : Cut.NO_NAME;
  }

  /** The closest encloser of a name that has no record of its own (section 8.3). */
  private @Nullable Enclosed enclosed(Name name) {
    if (records.isEmpty() || !name.subdomain(zone)) {
      return null;
    }
    var next = name;
    for (int up = 1; up <= name.labels() - zone.labels(); up++) {
      var each = new Name(name, up);
      var matching = matching(each);
      if (matching != null) {
        return new Enclosed(each, Bitmap.of(matching), next);
      }
      next = each;
    }
    return null;
  }

  private @Nullable NSEC3Record matching(Name name) {
    return find(name, (owner, next, hash) -> Arrays.equals(owner, hash));
  }

  private @Nullable NSEC3Record covering(Name name) {
    return find(
        name,
        (owner, next, hash) -> {
          boolean after = Arrays.compareUnsigned(owner, hash) < 0;
          boolean before = Arrays.compareUnsigned(hash, next) < 0;
          boolean last = Arrays.compareUnsigned(owner, next) >= 0;
          return last ? (after || before) && !Arrays.equals(owner, hash) : after && before;
        });
  }

  private interface Place {
    boolean holds(byte[] owner, byte[] next, byte[] hash);
  }

  private @Nullable NSEC3Record find(Name name, Place place) {
    if (records.isEmpty()) {
      return null;
    }
    var hash = hash(name);
    if (hash.isEmpty()) {
      return null;
    }
    for (var record : records) {
      if (place.holds(owner(record), record.getNext(), hash.get())) {
        return record;
      }
    }
    return null;
  }

  private Optional<byte[]> hash(Name name) {
    var known = hashes.get(name);
    if (known == null) {
      if (!budget.hash()) {
        return Optional.empty();
      }
      var first = records.getFirst();
      known = hash(name, first.getSalt(), first.getIterations());
      hashes.put(name, known);
    }
    return Optional.of(known);
  }

  /** Section 5. */
  static byte[] hash(Name name, byte @Nullable [] salt, int iterations) {
    try {
      var sha = MessageDigest.getInstance("SHA-1");
      var hash = name.toWireCanonical();
      for (int i = 0; i <= iterations; i++) {
        sha.update(hash);
        if (salt != null) {
          sha.update(salt);
        }
        hash = sha.digest();
      }
      return hash;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /** The hash that an owner name is made of; none if it is not. */
  static byte[] owner(NSEC3Record record) {
    var label = record.getName().getLabelString(0).toUpperCase(Locale.ROOT);
    var hash = new base32(base32.Alphabet.BASE32HEX, false, false).fromString(label);
    return hash == null ? new byte[0] : hash;
  }

  /** The owner that the record of a name would have, by the parameters of another. */
  static Name ownerOf(Name name, Name zone, NSEC3Record like) {
    var hash = hash(name, like.getSalt(), like.getIterations());
    var label = new base32(base32.Alphabet.BASE32HEX, false, true).toString(hash);
    try {
      return Name.concatenate(Name.fromConstantString(label), zone);
    } catch (NameTooLongException e) {
      throw new IllegalStateException("a zone with NSEC3 records has room for one more", e);
    }
  }

  private static boolean optsOut(NSEC3Record record) {
    return (record.getFlags() & OPT_OUT) != 0;
  }
}
