package dev.islet.dns.zone;

import dev.islet.dns.model.RrSet;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a zone holds at one name; nothing, at an empty non-terminal (RFC 4592 section 2.2.2).
 *
 * @param sets one for each type
 * @param children how many names exist directly below
 */
record Node(List<RrSet> sets, int children) {
  static final Node EMPTY = new Node(List.of(), 0);

  Node {
    sets = List.copyOf(sets);
  }

  @Nullable RrSet find(int type) {
    for (var set : sets) {
      if (set.type() == type) {
        return set;
      }
    }
    return null;
  }

  boolean isEmpty() {
    return sets.isEmpty();
  }

  /** This node with a set put in the place of the one of its type. */
  Node with(RrSet set) {
    var others = new ArrayList<>(without(set.type()).sets);
    others.add(set);
    return new Node(others, children);
  }

  Node without(int type) {
    return new Node(sets.stream().filter(s -> s.type() != type).toList(), children);
  }

  Node withChildren(int more) {
    return new Node(sets, children + more);
  }
}
