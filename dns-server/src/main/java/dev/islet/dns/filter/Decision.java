package dev.islet.dns.filter;

import java.util.List;
import org.xbill.DNS.Name;

/**
 * The rule that decided about a name.
 *
 * @param list which it stands in
 * @param name that it is about
 * @param scope {@link DomainSet#SELF}, {@link DomainSet#BELOW} or both
 * @param texts its condition, or the records that it wants answered
 */
public record Decision(BlockList list, Verb verb, Name name, int scope, List<String> texts) {
  public Decision {
    texts = List.copyOf(texts);
  }

  /** In words: {@code list ads blocks tracker.example and all below}. */
  public String words() {
    var what =
        switch (verb) {
          case ALLOW, ALLOW_IMPORTANT, PASSTHRU -> "allows ";
          case DROP -> "leaves unanswered ";
          case DATA -> "has other data for ";
          default -> "blocks ";
        };
    var where =
        switch (scope) {
          case DomainSet.SELF -> "";
          case DomainSet.BELOW -> " (only what lies below)";
          default -> " and all below";
        };
    return list.name() + " " + what + name.toString(true) + where;
  }
}
