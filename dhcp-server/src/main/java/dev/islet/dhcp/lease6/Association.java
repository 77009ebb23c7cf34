package dev.islet.dhcp.lease6;

import dev.islet.dhcp.lease6.Bindings.Owner;
import dev.islet.dhcp.lease6.Bindings.Place;
import dev.islet.dhcp.model.Ip6;
import dev.islet.dhcp.model.Octets;
import dev.islet.dhcp.wire.Code6;
import dev.islet.dhcp.wire.Message6;
import dev.islet.dhcp.wire.Option6;
import java.util.ArrayList;
import java.util.List;

/** An association the client speaks of, the places it names in it, and what it is told of them. */
record Association(Owner owner, List<Place> places) {

  /** Those of a message, in its order. */
  static List<Association> of(Message6 message, Octets duid) {
    var all = new ArrayList<Association>();
    for (var option : message.options()) {
      if (option.code() != Code6.IA_NA && option.code() != Code6.IA_PD) {
        continue;
      }
      boolean prefixes = option.code() == Code6.IA_PD;
      var places = new ArrayList<Place>();
      for (var inside : option.inside(12)) {
        var bytes = inside.value().toBytes();
        if (!prefixes && inside.code() == Code6.IA_ADDRESS && bytes.length >= 24) {
          places.add(new Place(Ip6.of(bytes, 0), 128));
        } else if (prefixes && inside.code() == Code6.IA_PREFIX && bytes.length >= 25) {
          places.add(new Place(Ip6.of(bytes, 9), Math.min(128, bytes[8] & 0xFF)));
        }
      }
      all.add(new Association(new Owner(duid, option.value().int32(0), prefixes), places));
    }
    return all;
  }

  private int code() {
    return owner.prefixes() ? Code6.IA_PD : Code6.IA_NA;
  }

  /**
   * The association with its place.
   *
   * @param preferred for how long it is used, in seconds
   * @param valid for how long it is had, in seconds
   * @param ended places that the client named, and that are at their end
   */
  Option6 holding(Place place, long preferred, long valid, List<Place> ended) {
    var inside = new ArrayList<Option6>();
    inside.add(lifetimes(place, preferred, valid));
    ended.forEach(p -> inside.add(lifetimes(p, 0, 0)));
    // Half and four fifths of the preferred lifetime (RFC 8415 section 21.4).
    return Option6.association(code(), owner.iaid(), preferred / 2, preferred * 4 / 5, inside);
  }

  /** All places the client named are at their end. */
  Option6 dead() {
    return without(places.stream().map(p -> lifetimes(p, 0, 0)).toList());
  }

  /** It is not given, and why. */
  Option6 refusal(int status, String why) {
    return without(List.of(Option6.status(status, why)));
  }

  /** There is nothing left to give. */
  Option6 empty() {
    return owner.prefixes()
        ? refusal(Code6.NO_PREFIX, "there is no prefix to delegate")
        : refusal(Code6.NO_ADDRESSES, "there is no address to give");
  }

  private Option6 without(List<Option6> inside) {
    return Option6.association(code(), owner.iaid(), 0, 0, inside);
  }

  private static Option6 lifetimes(Place place, long preferred, long valid) {
    return place.length() == 128
        ? Option6.address(place.address(), preferred, valid)
        : Option6.prefix(place.address(), place.length(), preferred, valid);
  }
}
