package dev.islet.dns.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.xbill.DNS.Rcode;

/**
 * What is said to a question, before it is bytes.
 *
 * @param rcode 0 to 4095; values above 15 need EDNS
 * @param authoritative the AA bit: the first owner name is ours (RFC 1034 section 6.2)
 * @param answer in order: a chain of aliases, then what was asked for
 * @param authority the SOA of a negative answer, or the NS set of a referral
 * @param additional addresses the asker will want next
 * @param glue whether the additional section must be whole (RFC 9471): set in referrals
 * @param error why, for people and logs
 * @param security what DNSSEC says of all that is in the answer and authority sections
 */
public record Answer(
    int rcode,
    boolean authoritative,
    List<RrSet> answer,
    List<RrSet> authority,
    List<RrSet> additional,
    boolean glue,
    Optional<ExtendedError> error,
    Security security) {
  public Answer {
    answer = List.copyOf(answer);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  /** An answer whose truth nobody looked at. */
  public Answer(
      int rcode,
      boolean authoritative,
      List<RrSet> answer,
      List<RrSet> authority,
      List<RrSet> additional,
      boolean glue,
      Optional<ExtendedError> error) {
    this(rcode, authoritative, answer, authority, additional, glue, error, Security.UNCHECKED);
  }

  /** An answer with nothing but a response code. */
  public static Answer of(int rcode) {
    return new Answer(rcode, false, List.of(), List.of(), List.of(), false, Optional.empty());
  }

  /** An answer with a response code and why. */
  public static Answer of(int rcode, int errorCode, String why) {
    return of(rcode).because(errorCode, why);
  }

  /** A positive answer with these sets. */
  public static Answer of(List<RrSet> sets, boolean authoritative) {
    return new Answer(
        Rcode.NOERROR, authoritative, sets, List.of(), List.of(), false, Optional.empty());
  }

  /** The same with a reason. */
  public Answer because(int errorCode, String why) {
    return new Answer(
        rcode,
        authoritative,
        answer,
        authority,
        additional,
        glue,
        Optional.of(new ExtendedError(errorCode, why)),
        security);
  }

  /**
   * This answer with a chain of aliases before it; AA is that of the first name's owner. Aliases of
   * ours are not checked, so the whole is not.
   */
  public Answer after(List<RrSet> aliases, boolean firstIsOurs) {
    var all = new ArrayList<>(aliases);
    all.addAll(answer);
    return new Answer(rcode, firstIsOurs, all, authority, additional, glue, error);
  }

  /** The same as if nobody had looked whether it is true. */
  public Answer unchecked() {
    return new Answer(rcode, authoritative, answer, authority, additional, glue, error);
  }

  /** The same with other records in its sections. */
  public Answer saying(List<RrSet> answers, List<RrSet> authorities, List<RrSet> additionals) {
    return new Answer(
        rcode, authoritative, answers, authorities, additionals, glue, error, security);
  }
}
