package dev.islet.dns.filter;

import dev.islet.core.net.MacAddress;
import dev.islet.core.time.TimeSource;
import dev.islet.dns.model.Answer;
import dev.islet.dns.model.ExtendedError;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.RrSet;
import java.io.IOException;
import java.net.InetAddress;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SVCBBase;
import org.xbill.DNS.Type;

/**
 * All rules about names at one moment, for all groups; immutable, swapped as one. Any number of
 * threads may ask it.
 */
public final class Filter {
  /** Lets everything through. */
  public static final Filter NONE =
      new Filter(
          List.of(),
          Cards.UNKNOWN,
          BlockReply.parse("zero"),
          60,
          new Rebinding(false, List.of()),
          TimeSource.system(),
          ZoneId.of("UTC"));

  private final List<Group> groups;
  private final Group others;
  private final Cards cards;
  private final boolean needsCards;
  private final BlockReply reply;
  private final long ttl;
  private final Rebinding rebinding;
  private final TimeSource time;
  private final ZoneId zone;
  private final BlockList[] all;

  /**
   * @param groups the one without clients is for all who are in no other
   * @param ttl seconds that answers of the filter may be remembered
   * @param zone of the hours in schedules
   */
  public Filter(
      List<Group> groups,
      Cards cards,
      BlockReply reply,
      long ttl,
      Rebinding rebinding,
      TimeSource time,
      ZoneId zone) {
    this.groups = List.copyOf(groups);
    this.others = groups.stream().filter(g -> g.clients().isEmpty()).findFirst().orElse(Group.NONE);
    this.cards = cards;
    this.reply = reply;
    this.ttl = ttl;
    this.rebinding = rebinding;
    this.time = time;
    this.zone = zone;
    var lists = new LinkedHashSet<BlockList>();
    for (var group : groups) {
      lists.addAll(group.lists());
      group.schedules().forEach(s -> lists.addAll(s.lists()));
      if (group.safeSearch()) {
        lists.add(SafeSearch.all().names());
      }
    }
    this.all = lists.toArray(BlockList[]::new);
    this.needsCards =
        groups.stream().anyMatch(g -> !g.clients().cards().isEmpty())
            || lists.stream().anyMatch(BlockList::needsCards);
  }

  /** Whether some group's or rule's clients are named by hardware address. */
  public boolean needsCards() {
    return needsCards;
  }

  /** Whether it lets everything through, so that nobody need ask. */
  public boolean isIdle() {
    return all.length == 0 && !rebinding.forbidden();
  }

  /**
   * Whether no rule of any group is about a name: the question for the fast way, which leaves all
   * other names to the slow one. Allocates nothing.
   */
  public boolean knowsNothingOf(NameKey key) {
    for (var list : all) {
      if (list.mentions(key)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether an answer of others is as good for everybody as for the first asker: no alias in it is
   * known to a rule, and no address is private.
   */
  public boolean knowsNothingOf(Question question, Answer answer) {
    if (isIdle()) {
      return true;
    }
    for (var target : targets(answer)) {
      if (!knowsNothingOf(NameKey.of(target))) {
        return false;
      }
    }
    return !rebinding.concerns(question.name()) || privateAddress(answer).isEmpty();
  }

  /** The group that an asker is in. */
  public Group group(InetAddress client) {
    return group(client, card(client));
  }

  private Optional<MacAddress> card(InetAddress client) {
    return needsCards ? cards.of(client) : Optional.empty();
  }

  private Group group(InetAddress client, Optional<MacAddress> card) {
    var best = others;
    int closest = -1;
    for (var group : groups) {
      int close = group.clients().closeness(client, card);
      if (close > closest) {
        best = group;
        closest = close;
      }
    }
    return best;
  }

  /** What is to be done with a question. */
  public Verdict question(Question question, InetAddress client) {
    if (all.length == 0) {
      return Verdict.PASS;
    }
    var card = card(client);
    var group = group(client, card);
    var decision = decide(question.name(), question.type(), new Asker(client, card, group.name()));
    if (decision != null) {
      return decision.verb().allows()
          ? new Verdict.Pass(decision.words())
          : verdict(question, decision, "", group);
    }
    var safe = group.safeSearch() ? SafeSearch.all().target(question.name()) : NOWHERE;
    if (safe.isPresent() && question.type() != Type.CNAME) {
      return rewrite(question.name(), safe.get(), ttl, "safe search of " + name(group));
    }
    return Verdict.PASS;
  }

  private static final Optional<Name> NOWHERE = Optional.empty();

  /** The rule that decides about a name, or null. */
  @Nullable Decision decide(Name name, int type, Asker asker) {
    var group = group(asker.address(), asker.card());
    var key = NameKey.of(name);
    Decision best = null;
    for (var list : group.lists()) {
      best = better(best, list.decide(key, name, type, asker));
    }
    if (!group.schedules().isEmpty()) {
      var local = LocalDateTime.ofInstant(time.wall(), zone);
      for (var schedule : group.schedules()) {
        if (schedule.on(local)) {
          for (var list : schedule.lists()) {
            best = better(best, list.decide(key, name, type, asker));
          }
        }
      }
    }
    return best;
  }

  private static @Nullable Decision better(@Nullable Decision a, @Nullable Decision b) {
    return a == null || b != null && b.verb().rank() > a.verb().rank() ? b : a;
  }

  /** What is to be done with an answer of others, given to whoever asked the question. */
  public Verdict answer(Question question, Answer answer, InetAddress client) {
    if (isIdle() || answer.answer().isEmpty()) {
      return Verdict.PASS;
    }
    var targets = all.length == 0 ? List.<Name>of() : targets(answer);
    if (!targets.isEmpty()) {
      var card = card(client);
      var group = group(client, card);
      var asker = new Asker(client, card, group.name());
      var itself = decide(question.name(), question.type(), asker);
      if (itself == null || !itself.verb().allows()) {
        for (var target : targets) {
          var decision = decide(target, question.type(), asker);
          if (decision != null && !decision.verb().allows()) {
            return verdict(question, decision, "the alias " + target.toString(true) + ": ", group);
          }
        }
      }
    }
    if (rebinding.concerns(question.name())) {
      var found = privateAddress(answer);
      if (found.isPresent()) {
        var why = "a public name with the private address " + found.get();
        return new Verdict.Say(
            BlockReply.nothing(question, Rcode.NOERROR, ttl, ExtendedError.BLOCKED, why), why);
      }
    }
    return Verdict.PASS;
  }

  private Verdict verdict(Question question, Decision decision, String before, Group group) {
    var why = before + decision.words() + (group.name().isEmpty() ? "" : " for " + name(group));
    var brief = before + "blocked by " + decision.list().name();
    int error = decision.list().error();
    return switch (decision.verb()) {
      case ALLOW, ALLOW_IMPORTANT, PASSTHRU -> new Verdict.Pass(why);
      case BLOCK, BLOCK_IMPORTANT -> new Verdict.Say(reply.say(question, ttl, error, brief), why);
      case NXDOMAIN ->
          new Verdict.Say(BlockReply.nothing(question, Rcode.NXDOMAIN, ttl, error, brief), why);
      case NODATA ->
          new Verdict.Say(BlockReply.nothing(question, Rcode.NOERROR, ttl, error, brief), why);
      case DROP -> new Verdict.Drop(why);
      case DATA -> data(question, decision, error, why);
    };
  }

  /** Records of a response policy zone in place of the truth. */
  private Verdict data(Question question, Decision decision, int error, String why) {
    var records = new ArrayList<Record>();
    try {
      for (var text : decision.texts()) {
        var words = text.split(" ", 3);
        int type = Type.value(words[1]);
        if (type == Type.CNAME) {
          var target = Name.fromString(words[2], Name.root);
          var onward = target.isWild() ? garden(question.name(), target) : target;
          return rewrite(question.name(), onward, Long.parseLong(words[0]), why);
        }
        if (type == question.type() || question.type() == Type.ANY) {
          records.add(
              Record.fromString(
                  question.name(), type, DClass.IN, Long.parseLong(words[0]), words[2], Name.root));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("data that was compiled cannot be read", e);
    }
    return records.isEmpty()
        ? new Verdict.Say(BlockReply.nothing(question, Rcode.NOERROR, ttl, error, why), why)
        : new Verdict.Say(
            Answer.of(sets(records), false).because(ExtendedError.FORGED, "a local policy"), why);
  }

  private static List<RrSet> sets(List<Record> records) {
    var sets = new ArrayList<RrSet>();
    for (int type : records.stream().mapToInt(Record::getType).distinct().toArray()) {
      sets.add(RrSet.of(records.stream().filter(r -> r.getType() == type).toList()));
    }
    return sets;
  }

  /** {@code *.garden.example} as a target: the whole name asked for goes in place of the star. */
  private static Name garden(Name asked, Name target) throws IOException {
    return Name.concatenate(asked.relativize(Name.root), new Name(target, 1));
  }

  private static Verdict rewrite(Name name, Name target, long ttl, String why) {
    var alias = RrSet.of(new CNAMERecord(name, DClass.IN, ttl, target));
    return new Verdict.Rewrite(alias, target, why);
  }

  private static String name(Group group) {
    return group.name().isEmpty() ? "all" : "the group " + group.name();
  }

  /** Names that an answer leads to. */
  private static List<Name> targets(Answer answer) {
    var targets = new ArrayList<Name>(0);
    for (var set : answer.answer()) {
      for (var record : set.records()) {
        switch (record) {
          case CNAMERecord alias -> targets.add(alias.getTarget());
          case DNAMERecord alias -> targets.add(alias.getTarget());
          case SVCBBase service when !service.getTargetName().equals(Name.root) ->
              targets.add(service.getTargetName());
          default -> {}
        }
      }
    }
    return targets;
  }

  private static Optional<String> privateAddress(Answer answer) {
    for (var set : answer.answer()) {
      for (var record : set.records()) {
        var address =
            switch (record) {
              case ARecord a -> a.getAddress();
              case AAAARecord a -> a.getAddress();
              default -> null;
            };
        if (address != null && PrivateAddresses.has(address)) {
          return Optional.of(address.getHostAddress());
        }
        if (record instanceof SVCBBase service) {
          var hint = hint(service);
          if (hint.isPresent()) {
            return hint;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** Address hints of RFC 9460 lead a browser as well as addresses do. */
  private static Optional<String> hint(SVCBBase service) {
    for (int key : new int[] {SVCBBase.IPV4HINT, SVCBBase.IPV6HINT}) {
      if (service.getSvcParamKeys().contains(key)) {
        var bytes = service.getSvcParamValue(key).toWire();
        int size = key == SVCBBase.IPV4HINT ? 4 : 16;
        for (int at = 0; at + size <= bytes.length; at += size) {
          if (PrivateAddresses.has(Arrays.copyOfRange(bytes, at, at + size))) {
            return Optional.of("in a hint of " + Type.string(service.getType()));
          }
        }
      }
    }
    return Optional.empty();
  }

  /**
   * The rule that decides about a name for an asker, allowing or blocking, if one does; for people
   * who want to know why.
   */
  public Optional<Decision> decision(Question question, InetAddress client) {
    var card = card(client);
    var asker = new Asker(client, card, group(client, card).name());
    return Optional.ofNullable(decide(question.name(), question.type(), asker));
  }

  /** Every list in use. */
  public List<BlockList> lists() {
    return List.of(all);
  }
}
