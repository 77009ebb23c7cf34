package dev.islet.dns.chain;

import dev.islet.dns.fast.Checkpoint;
import dev.islet.dns.fast.FastRules;
import dev.islet.dns.fast.Translated;
import dev.islet.dns.fast.Viewed;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.Dns64;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.queries.QueryBook;
import dev.islet.dns.wire.TsigKey;
import dev.islet.dns.zone.Zones;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;

/**
 * What the operator decided, swapped as one at a reload.
 *
 * @param query who may ask at all
 * @param recursion who may ask for names that are not ours
 * @param special names that never leave
 * @param code functions of the embedding program by suffix
 * @param forwarders whom to ask for all the rest; nobody if empty
 * @param conditional whom to ask for names below a suffix
 * @param walks whether all the rest is resolved from the root
 * @param keys of TSIG, by name
 * @param filter rules about names, for what no zone of ours holds
 * @param dns64 makes IPv6 addresses for names without
 * @param book where replies are noted
 * @param views what some askers see in place of that
 * @param view the one that an asker has; see {@link #seenBy}
 */
public record Rules(
    Acl query,
    Acl recursion,
    SpecialNames special,
    Map<Name, AnswerFunction> code,
    List<InetSocketAddress> forwarders,
    Map<Name, List<InetSocketAddress>> conditional,
    boolean walks,
    Map<Name, TsigKey> keys,
    Filter filter,
    Optional<Dns64> dns64,
    QueryBook book,
    List<View> views,
    Optional<View> view) {
  public Rules {
    code = Map.copyOf(code);
    forwarders = List.copyOf(forwarders);
    conditional = Map.copyOf(conditional);
    keys = Map.copyOf(keys);
    views = List.copyOf(views);
  }

  /** Rules that are the same for all, without walks from the root, and nothing is noted. */
  public Rules(
      Acl query,
      Acl recursion,
      SpecialNames special,
      Map<Name, AnswerFunction> code,
      List<InetSocketAddress> forwarders,
      Map<Name, List<InetSocketAddress>> conditional,
      Map<Name, TsigKey> keys,
      Filter filter) {
    this(
        query,
        recursion,
        special,
        code,
        forwarders,
        conditional,
        false,
        keys,
        filter,
        Optional.empty(),
        QueryBook.NONE,
        List.of(),
        Optional.empty());
  }

  /**
   * The rules for an asker: those of the view of its key, else of the view that names its address
   * most exactly, else these.
   */
  Rules seenBy(InetAddress asker, Optional<Name> key) {
    Optional<View> found = Optional.empty();
    int closest = -1;
    for (var each : views) {
      int close =
          key.isPresent() && each.has(key.get()) ? Integer.MAX_VALUE : each.closeness(asker);
      if (close > closest) {
        found = Optional.of(each);
        closest = close;
      }
    }
    return found
        .map(
            v ->
                new Rules(
                    query,
                    v.recursion().orElse(recursion),
                    v.special(),
                    code,
                    forwarders,
                    conditional,
                    walks,
                    keys,
                    filter,
                    dns64,
                    book,
                    views,
                    Optional.of(v)))
        .orElse(this);
  }

  /** The zones that the asker of {@link #seenBy} sees. */
  Zones zones(Zones common) {
    return view.map(v -> v.over(common)).orElse(common);
  }

  /** The RA bit: whether this asker gets names that are not ours, if there is somebody to ask. */
  boolean recursionFor(InetAddress asker) {
    return asks() && recursion.allows(asker);
  }

  /**
   * The same for the fast lane. A feature that the lane does not know closes it here, or is one of
   * the checkpoints.
   */
  public FastRules fast(Checkpoint... checkpoints) {
    var all = new ArrayList<>(List.of(checkpoints));
    if (!views.isEmpty()) {
      all.addFirst(new Viewed(views.stream().flatMap(v -> v.networks().stream()).toList()));
    }
    dns64.ifPresent(d -> all.addFirst(new Translated(d.clients())));
    if (book.isOpen()) {
      all.add(new Noting(book)); // the last: what it sees is sent
    }
    var open =
        FastRules.open(query.networks(), asks() ? recursion.networks() : List.of(), all)
            .withAliases(recursion.networks());
    return code.isEmpty() ? open.withCache(filter) : open;
  }

  /** Whether there is anybody to ask. */
  private boolean asks() {
    return walks || !forwarders.isEmpty() || !conditional.isEmpty();
  }

  /** Whom to ask for a name: those of the longest suffix, else the general ones. */
  List<InetSocketAddress> upstreams(Name name) {
    for (int up = 0; !conditional.isEmpty() && up < name.labels(); up++) {
      var found = conditional.get(up == 0 ? name : new Name(name, up));
      if (found != null) {
        return found;
      }
    }
    return forwarders;
  }
}
