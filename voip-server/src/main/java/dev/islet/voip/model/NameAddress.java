package dev.islet.voip.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A name with an address, as in From, To, Contact and Route (RFC 3261 §20.10).
 *
 * @param display the display name as written, quotes and all; may be empty
 * @param uri what stands in the angle brackets
 * @param params the header's parameters, behind the brackets
 */
public record NameAddress(String display, String uri, List<Param> params) {
  public NameAddress {
    params = List.copyOf(params);
  }

  /** The dialog tag of From or To. */
  public Optional<String> tag() {
    return Param.value(params, "tag");
  }

  /** With a tag instead of the one it had. */
  public NameAddress withTag(String tag) {
    var changed = new ArrayList<>(params);
    changed.removeIf(p -> p.name().equalsIgnoreCase("tag"));
    changed.add(new Param("tag", Optional.of(tag)));
    return new NameAddress(display, uri, changed);
  }

  @Override
  public String toString() {
    return (display.isEmpty() ? "" : display + " ") + "<" + uri + ">" + Param.print(params);
  }
}
