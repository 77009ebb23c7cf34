package dev.islet.dns.validate;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Question;
import dev.islet.dns.resolve.Inquiry;
import dev.islet.dns.resolve.ResolveEvent;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.xbill.DNS.Name;

/** What the {@link ValidateEngine} wants done. */
public sealed interface ValidateAction {
  /** Ask what somebody wanted, with signatures, unchecked by others. */
  record Ask(long job, Inquiry inquiry) implements ValidateAction {}

  /**
   * Ask for a DS or DNSKEY set, likewise, of whoever is to be asked for it.
   *
   * @param anew not out of the cache, and of others than who answered it last
   */
  record Fetch(long job, Question question, boolean anew) implements ValidateAction {}

  /** Let it be answered without a check. */
  record Pass(ResolveEvent.Wanted what) implements ValidateAction {}

  /**
   * One who waits.
   *
   * @param dnssecOk whether signatures and denials are wanted
   */
  record Waiter(boolean dnssecOk, Consumer<Answer> then) {}

  /**
   * A result for everyone who waited.
   *
   * @param keep whether to remember it
   * @param signedFor seconds until the first of the answer's signatures ends; 0 if not secure
   * @param verdict secure, untimed, insecure, bogus, failed or unchecked
   * @param used what was asked for it
   */
  record Done(
      Question question,
      Answer answer,
      boolean keep,
      long signedFor,
      String verdict,
      String why,
      List<Waiter> waiters,
      Set<Question> used)
      implements ValidateAction {
    public Done {
      waiters = List.copyOf(waiters);
      used = Set.copyOf(used);
    }
  }

  /** The clock is trusted from now on, or no longer: what was judged without it is void. */
  record ClockJudged(boolean trusted) implements ValidateAction {}

  /** Keep the time that is known to be past, in seconds since 1970. */
  record KeepFloor(long seconds) implements ValidateAction {}

  /**
   * A key of a trust anchor went into another phase (RFC 5011).
   *
   * @param from {@code UNKNOWN} if it is new
   * @param to {@code UNKNOWN} if it is forgotten
   */
  record AnchorMoved(Name zone, int tag, String from, String to) implements ValidateAction {}

  /** Keep what is known of trust anchors. */
  record KeepAnchors(Map<Name, KeptAnchors> all) implements ValidateAction {
    public KeepAnchors {
      all = Map.copyOf(all);
    }
  }

  /** Whoever is asked gives signatures, or not. */
  record SignaturesCome(boolean come) implements ValidateAction {}
}
