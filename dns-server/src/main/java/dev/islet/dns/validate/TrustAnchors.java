package dev.islet.dns.validate;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.xbill.DNS.DSRecord;
import org.xbill.DNS.Name;

/**
 * Where trust begins and where it is not asked for.
 *
 * @param anchors digests of keys, by zone (RFC 4033 section 2)
 * @param negative names at and below which nothing is checked (RFC 7646)
 * @param forwarded suffixes whose servers the operator has chosen: a name there that is not in the
 *     public tree is insecure, not bogus
 */
public record TrustAnchors(
    Map<Name, List<DSRecord>> anchors, Set<Name> negative, Set<Name> forwarded) {
  /** The keys of the root, as IANA publishes them: of 2017 and of 2024. */
  public static final List<String> ROOT =
      List.of(
          ". DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
          ". DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16");

  public TrustAnchors {
    anchors = Map.copyOf(anchors);
    negative = Set.copyOf(negative);
    forwarded = Set.copyOf(forwarded);
  }

  /** The closest anchor at or above a name. */
  Optional<Name> above(Name name) {
    return at(name, anchors.keySet());
  }

  /** Whether a name is at or below a suffix of the operator's own. */
  boolean forwarded(Name name) {
    return at(name, forwarded).isPresent();
  }

  /** The closest name at or above it below which nothing is checked. */
  Optional<Name> unchecked(Name name) {
    return at(name, negative);
  }

  /** Whether the denials of a zone say anything about a name. */
  boolean judges(Name zone, Name name) {
    return !forwarded(name)
        && unchecked(name).isEmpty()
        && above(name).map(a -> a.labels() <= zone.labels()).orElse(false);
  }

  private static Optional<Name> at(Name name, Set<Name> set) {
    for (int up = 0; !set.isEmpty() && up < name.labels(); up++) {
      var each = up == 0 ? name : new Name(name, up);
      if (set.contains(each)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
