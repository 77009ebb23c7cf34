package dev.islet.dns.filter;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;

/**
 * One list in use: its compiled rules and how it is called.
 *
 * <p>Instances are compared by identity: the same list in two groups is asked once.
 */
public final class BlockList {
  private final String name;
  private final DomainSet set;
  private final int error;
  private final List<Optional<Condition>> conditions;

  /**
   * @param name for people: the list's, or the key of the configuration
   * @param error the code that answers carry (RFC 8914): 15 blocked, 16 censored, 17 filtered
   */
  public BlockList(String name, DomainSet set, int error) {
    this.name = name;
    this.set = set;
    this.error = error;
    this.conditions = set.conditions().stream().map(Condition::parse).toList();
  }

  /** A list of names, as configuration has them; {@code *} means all. */
  public static BlockList of(String name, List<String> allow, List<String> block, int error) {
    var builder = new SetBuilder();
    allow.forEach(n -> builder.add(wire(n), both(n), Verb.ALLOW_IMPORTANT, ""));
    block.forEach(n -> builder.add(wire(n), both(n), Verb.BLOCK_IMPORTANT, ""));
    return new BlockList(name, builder.build(), error);
  }

  private static int both(String text) {
    return text.startsWith("*.") ? DomainSet.BELOW : DomainSet.SELF | DomainSet.BELOW;
  }

  /** Whether a text is a name for {@link #of}. */
  public static boolean isName(String text) {
    return text.equals("*") || new DomainText().take(plain(text));
  }

  private static String plain(String text) {
    return text.startsWith("*.") ? text.substring(2) : text;
  }

  private static byte[] wire(String text) {
    var domain = new DomainText();
    if (text.equals("*")) {
      return new byte[1];
    }
    if (!domain.take(plain(text))) {
      throw new IllegalArgumentException("\"" + text + "\" is not a domain name");
    }
    return domain.wire;
  }

  public String name() {
    return name;
  }

  public DomainSet set() {
    return set;
  }

  int error() {
    return error;
  }

  /** Whether some rule holds for hardware addresses, or does not. */
  boolean needsCards() {
    return conditions.stream().flatMap(Optional::stream).anyMatch(Condition::needsCards);
  }

  /** Whether any rule is about the name, whatever its conditions. */
  boolean mentions(NameKey key) {
    for (int label = 0; label <= key.labels(); label++) {
      int wanted = label == 0 ? DomainSet.SELF : DomainSet.BELOW;
      for (int at = set.find(key, label, -1); at >= 0; at = set.find(key, label, at)) {
        if ((set.scope(at) & wanted) != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /** The rule of the highest rank for the name; of equals the one for the longest name. */
  @Nullable Decision decide(NameKey key, Name name, int type, Asker asker) {
    int best = -1;
    int rank = 0;
    for (int label = 0; label <= key.labels(); label++) {
      int wanted = label == 0 ? DomainSet.SELF : DomainSet.BELOW;
      for (int at = set.find(key, label, -1); at >= 0; at = set.find(key, label, at)) {
        if ((set.scope(at) & wanted) != 0
            && set.verb(at).rank() > rank
            && holds(at, name, type, asker)) {
          best = at;
          rank = set.verb(at).rank();
        }
      }
    }
    return best < 0 ? null : decision(best, key);
  }

  private boolean holds(int entry, Name name, int type, Asker asker) {
    int number = set.condition(entry);
    if (number < 0 || set.verb(entry) == Verb.DATA) {
      return true;
    }
    return conditions.get(number).map(c -> c.holds(name, asker, type)).orElse(false);
  }

  private Decision decision(int entry, NameKey key) {
    var wire = set.name(entry);
    int number = set.condition(entry);
    var texts = new java.util.ArrayList<String>();
    if (number >= 0) {
      texts.add(set.conditions().get(number));
      if (set.verb(entry) == Verb.DATA) {
        // All records of the name: the entries after it with the same name and scope.
        var owner = new NameKey().fill(wire, 0);
        for (int at = set.find(owner, 0, entry); at >= 0; at = set.find(owner, 0, at)) {
          if (set.verb(at) == Verb.DATA && set.scope(at) == set.scope(entry)) {
            texts.add(set.conditions().get(set.condition(at)));
          }
        }
      }
    }
    try {
      return new Decision(this, set.verb(entry), new Name(wire), set.scope(entry), texts);
    } catch (java.io.IOException e) {
      throw new IllegalStateException("a compiled name that is none, for " + key, e);
    }
  }
}
