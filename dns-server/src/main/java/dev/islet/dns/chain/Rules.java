package dev.islet.dns.chain;

import dev.islet.dns.fast.Checkpoint;
import dev.islet.dns.fast.FastRules;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.policy.Acl;
import dev.islet.dns.policy.SpecialNames;
import dev.islet.dns.wire.TsigKey;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
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
    Filter filter) {
  public Rules {
    code = Map.copyOf(code);
    forwarders = List.copyOf(forwarders);
    conditional = Map.copyOf(conditional);
    keys = Map.copyOf(keys);
  }

  /** Without walks from the root. */
  public Rules(
      Acl query,
      Acl recursion,
      SpecialNames special,
      Map<Name, AnswerFunction> code,
      List<InetSocketAddress> forwarders,
      Map<Name, List<InetSocketAddress>> conditional,
      Map<Name, TsigKey> keys,
      Filter filter) {
    this(query, recursion, special, code, forwarders, conditional, false, keys, filter);
  }

  /** The RA bit: whether this asker gets names that are not ours, if there is somebody to ask. */
  boolean recursionFor(java.net.InetAddress asker) {
    return asks() && recursion.allows(asker);
  }

  /**
   * The same for the fast lane. A feature that the lane does not know closes it here, or is one of
   * the checkpoints.
   */
  public FastRules fast(Checkpoint... checkpoints) {
    var open =
        FastRules.open(
            query.networks(), asks() ? recursion.networks() : List.of(), List.of(checkpoints));
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
