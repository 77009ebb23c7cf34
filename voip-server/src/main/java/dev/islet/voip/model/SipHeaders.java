package dev.islet.voip.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The header fields of a message in their order, immutable.
 *
 * @param all every field, first to last
 */
public record SipHeaders(List<SipHeader> all) {
  /** No fields. */
  public static final SipHeaders NONE = new SipHeaders(List.of());

  public SipHeaders {
    all = List.copyOf(all);
  }

  /** The value of the first field of that name. */
  public Optional<String> first(String name) {
    for (var header : all) {
      if (header.is(name)) {
        return Optional.of(header.value());
      }
    }
    return Optional.empty();
  }

  /** The values of all fields of that name, in order. */
  public List<String> values(String name) {
    var values = new ArrayList<String>(2);
    for (var header : all) {
      if (header.is(name)) {
        values.add(header.value());
      }
    }
    return values;
  }

  /** Whether there is a field of that name. */
  public boolean has(String name) {
    return first(name).isPresent();
  }

  /** With one more field at the end. */
  public SipHeaders plus(String name, String value) {
    var more = new ArrayList<SipHeader>(all.size() + 1);
    more.addAll(all);
    more.add(new SipHeader(name, value));
    return new SipHeaders(more);
  }

  /** With all of these fields at the end. */
  public SipHeaders plus(List<SipHeader> others) {
    if (others.isEmpty()) {
      return this;
    }
    var more = new ArrayList<SipHeader>(all.size() + others.size());
    more.addAll(all);
    more.addAll(others);
    return new SipHeaders(more);
  }

  /** With the first field of that name replaced, or added at the end if there is none. */
  public SipHeaders with(String name, String value) {
    var changed = new ArrayList<SipHeader>(all.size() + 1);
    boolean done = false;
    for (var header : all) {
      if (!done && header.is(name)) {
        changed.add(new SipHeader(header.name(), value));
        done = true;
      } else {
        changed.add(header);
      }
    }
    if (!done) {
      changed.add(new SipHeader(name, value));
    }
    return new SipHeaders(changed);
  }
}
