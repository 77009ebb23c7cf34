package dev.islet.voip.registrar;

import dev.islet.core.engine.Engine;
import dev.islet.voip.model.Binding;
import dev.islet.voip.model.Flow;
import dev.islet.voip.model.NameAddress;
import dev.islet.voip.model.Param;
import dev.islet.voip.model.SipRequest;
import dev.islet.voip.wire.Grammar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Where each extension is reached: the registrar and the location service of RFC 3261 §10.
 *
 * <p>A REGISTER is taken whole or not at all (§10.3 step 7). Not thread-safe.
 */
public final class Registrar {
  /**
   * What the operator chose.
   *
   * @param min shortest registration, seconds; shorter ones get 423
   * @param usual when the phone does not say, seconds
   * @param max longest, seconds; longer ones are cut
   * @param contacts how many an extension may have
   */
  public record Rules(long min, long usual, long max, int contacts) {}

  /** A change that is to be kept. */
  public sealed interface Change {
    /** A binding is new or renewed. */
    record Put(Binding binding) implements Change {}

    /** A binding is gone. */
    record Gone(String extension, String contact, String why) implements Change {}
  }

  /** What came of a REGISTER. */
  public sealed interface Outcome {
    /** It holds: answer 200 with what is bound now, once the changes are on disk. */
    record Done(List<Binding> bindings, List<Change> changes) implements Outcome {}

    /** A contact asked for less than the minimum: answer 423. */
    record TooBrief(long min) implements Outcome {}

    /** It cannot be taken. */
    record Refused(int status, String why) implements Outcome {}
  }

  private record Due(long at, String extension) {}

  private static final long SECOND = 1_000_000_000L;

  private final Rules rules;
  private final Map<String, List<Binding>> bindings = new HashMap<>();
  private final PriorityQueue<Due> due = new PriorityQueue<>(Comparator.comparingLong(Due::at));
  private final Map<String, Due> waiting = new HashMap<>();
  private int size;

  public Registrar(Rules rules) {
    this.rules = rules;
  }

  /** Takes what was kept before a restart; what has run out since is left out. */
  public void restore(long now, Collection<Binding> kept) {
    for (var binding : kept) {
      if (binding.expires() > now) {
        var list = new ArrayList<>(of(binding.extension()));
        list.removeIf(b -> b.contact().equals(binding.contact()));
        list.add(binding);
        set(binding.extension(), list);
      }
    }
  }

  /** The live bindings of an extension, best priority first. */
  public List<Binding> of(String extension) {
    return bindings.getOrDefault(extension, List.of());
  }

  /** Every live binding. */
  public List<Binding> all() {
    return bindings.values().stream().flatMap(List::stream).toList();
  }

  /** How many bindings there are. */
  public int size() {
    return size;
  }

  /** When the next binding runs out, or {@link Engine#NEVER}. */
  public long deadline() {
    var first = due.peek();
    return first == null ? Engine.NEVER : first.at();
  }

  /** Lets go what has run out. */
  public List<Change> expire(long now) {
    var changes = new ArrayList<Change>();
    while (deadline() <= now) {
      var first = due.remove();
      waiting.remove(first.extension(), first);
      var live = new ArrayList<Binding>();
      for (var binding : of(first.extension())) {
        if (binding.expires() > now) {
          live.add(binding);
        } else {
          changes.add(
              new Change.Gone(binding.extension(), binding.contact(), "its time has run out"));
        }
      }
      set(first.extension(), live);
    }
    return changes;
  }

  /** Drops what belongs to extensions that are no more. */
  public List<Change> retain(java.util.function.Predicate<String> stays) {
    var changes = new ArrayList<Change>();
    for (var extension : List.copyOf(bindings.keySet())) {
      if (!stays.test(extension)) {
        for (var binding : of(extension)) {
          changes.add(
              new Change.Gone(extension, binding.contact(), "the extension was taken away"));
        }
        set(extension, List.of());
      }
    }
    return changes;
  }

  /** Takes a REGISTER of a phone that has proved to be this extension's. */
  public Outcome register(long now, String extension, SipRequest request, Flow flow) {
    var values = request.headers().values("Contact");
    var current = new ArrayList<>(of(extension));
    current.removeIf(b -> b.expires() <= now);
    if (values.isEmpty()) {
      return new Outcome.Done(List.copyOf(current), List.of());
    }
    var expires =
        request.headers().first("Expires").map(v -> Grammar.number(v).orElse(rules.usual));
    if (values.stream().anyMatch(v -> v.equals("*"))) {
      return values.size() == 1 && expires.orElse(1L) == 0
          ? removeAll(extension, current, request)
          : new Outcome.Refused(400, "Contact * stands alone and with Expires 0");
    }
    var contacts = Grammar.addresses(values);
    if (contacts.isEmpty() || contacts.get().size() > rules.contacts()) {
      return new Outcome.Refused(400, "faulty Contact, or too many");
    }
    var changes = new ArrayList<Change>();
    for (var contact : contacts.get()) {
      long seconds =
          Param.value(contact.params(), "expires")
              .map(v -> Grammar.number(v).orElse(rules.usual()))
              .or(() -> expires)
              .orElse(rules.usual());
      if (seconds > 0 && seconds < rules.min()) {
        return new Outcome.TooBrief(rules.min());
      }
      var refused =
          one(
              now,
              extension,
              contact,
              Math.min(seconds, rules.max()),
              request,
              flow,
              current,
              changes);
      if (refused.isPresent()) {
        return refused.get();
      }
    }
    if (current.size() > rules.contacts()) {
      return new Outcome.Refused(403, "more than " + rules.contacts() + " contacts");
    }
    set(extension, current);
    return new Outcome.Done(of(extension), changes);
  }

  private Optional<Outcome> one(
      long now,
      String extension,
      NameAddress contact,
      long seconds,
      SipRequest request,
      Flow flow,
      List<Binding> current,
      List<Change> changes) {
    if (Grammar.uri(contact.uri()).isEmpty()) {
      return Optional.of(new Outcome.Refused(400, "a Contact here is a sip or sips URI"));
    }
    var vitals = request.vitals();
    int at = find(current, contact.uri());
    if (at >= 0 && outOfOrder(current.get(at), request)) {
      return Optional.of(new Outcome.Refused(500, "CSeq is behind an earlier REGISTER"));
    }
    if (seconds == 0) {
      if (at >= 0) {
        var gone = current.remove(at);
        changes.add(new Change.Gone(extension, gone.contact(), "the phone signed off"));
      }
      return Optional.empty();
    }
    var binding =
        new Binding(
            extension,
            contact.uri(),
            flow,
            vitals.callId(),
            vitals.cseq().number(),
            priority(contact),
            now + seconds * SECOND,
            request.headers().first("User-Agent").orElse(""));
    if (at >= 0) {
      if (!current.get(at).contact().equals(binding.contact())) {
        changes.add(new Change.Gone(extension, current.get(at).contact(), "written anew"));
      }
      current.set(at, binding);
    } else {
      current.add(binding);
    }
    changes.add(new Change.Put(binding));
    return Optional.empty();
  }

  private Outcome removeAll(String extension, List<Binding> current, SipRequest request) {
    var changes = new ArrayList<Change>();
    for (var binding : current) {
      if (outOfOrder(binding, request)) {
        return new Outcome.Refused(500, "CSeq is behind an earlier REGISTER");
      }
      changes.add(new Change.Gone(extension, binding.contact(), "the phone signed off"));
    }
    set(extension, List.of());
    return new Outcome.Done(List.of(), changes);
  }

  /** RFC 3261 §10.3 step 7. The same CSeq again is a copy that came late: it changes nothing. */
  private static boolean outOfOrder(Binding known, SipRequest request) {
    return known.callId().equals(request.vitals().callId())
        && request.vitals().cseq().number() < known.cseq();
  }

  private static int priority(NameAddress contact) {
    var q = Param.value(contact.params(), "q").orElse("1");
    try {
      return (int) Math.clamp(Math.round(Double.parseDouble(q) * 1000), 0, 1000);
    } catch (NumberFormatException e) {
      return 1000;
    }
  }

  /** Compares by what makes a place: user, host, port, transport (RFC 3261 §19.1.4, the gist). */
  private static int find(List<Binding> list, String contact) {
    for (int n = 0; n < list.size(); n++) {
      if (list.get(n).contact().equals(contact) || same(list.get(n).contact(), contact)) {
        return n;
      }
    }
    return -1;
  }

  private static boolean same(String one, String other) {
    var a = Grammar.uri(one);
    var b = Grammar.uri(other);
    return a.isPresent()
        && b.isPresent()
        && a.get().secure() == b.get().secure()
        && a.get().user().equals(b.get().user())
        && a.get().host().equals(b.get().host())
        && a.get().port() == b.get().port()
        && Param.value(a.get().params(), "transport")
            .orElse("udp")
            .equalsIgnoreCase(Param.value(b.get().params(), "transport").orElse("udp"));
  }

  private void set(String extension, List<Binding> list) {
    size += list.size() - of(extension).size();
    if (list.isEmpty()) {
      bindings.remove(extension);
      return;
    }
    var sorted = new ArrayList<>(list);
    sorted.sort(Comparator.comparingInt(Binding::priority).reversed());
    bindings.put(extension, List.copyOf(sorted));
    long soonest = sorted.stream().mapToLong(Binding::expires).min().orElse(Engine.NEVER);
    // One wake-up an extension: a renewal lets the old one come, find nothing, and be set anew.
    var known = waiting.get(extension);
    if (known == null || known.at() > soonest) {
      var next = new Due(soonest, extension);
      due.add(next);
      waiting.put(extension, next);
    }
  }
}
