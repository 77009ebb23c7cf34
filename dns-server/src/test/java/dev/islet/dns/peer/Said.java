package dev.islet.dns.peer;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.EDNSOption;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * A reply in a form in which those of different servers can be compared: sections as sets of lines,
 * letters without case, since compression may take over that of an earlier name.
 *
 * @param size of the message in bytes
 * @param flags RD, CD and AD
 * @param edns what is in the OPT record of that which can be compared; nothing without one
 * @param name of the question, in its own case
 * @param chain the answer section as it was
 */
record Said(
    int rcode,
    int size,
    boolean aa,
    boolean tc,
    String flags,
    String edns,
    Name name,
    int type,
    List<Record> chain,
    TreeSet<String> answer,
    TreeSet<String> authority,
    TreeSet<String> additional) {

  static final int SILENCE = -1;

  static Said of(byte[] reply) {
    try {
      return reply.length == 0 ? silence() : read(reply);
    } catch (IOException e) {
      throw new AssertionError("a reply that cannot be read", e);
    }
  }

  private static Said silence() {
    var none = new TreeSet<String>();
    return new Said(SILENCE, 0, false, false, "", "", Name.root, 0, List.of(), none, none, none);
  }

  private static Said read(byte[] reply) throws IOException {
    var message = new Message(reply);
    var header = message.getHeader();
    var question = message.getQuestion();
    var flags = new StringBuilder();
    for (int flag : new int[] {Flags.RD, Flags.CD, Flags.AD}) {
      flags.append(header.getFlag(flag) ? Flags.string(flag) + " " : "");
    }
    return new Said(
        message.getRcode(),
        reply.length,
        header.getFlag(Flags.AA),
        header.getFlag(Flags.TC),
        flags.toString(),
        edns(message.getOPT()),
        question == null ? Name.root : question.getName(),
        question == null ? 0 : question.getType(),
        message.getSection(Section.ANSWER),
        lines(message.getSection(Section.ANSWER)),
        lines(message.getSection(Section.AUTHORITY)),
        lines(message.getSection(Section.ADDITIONAL)));
  }

  private static String edns(@Nullable OPTRecord opt) {
    return opt == null
        ? ""
        : "version "
            + opt.getVersion()
            + " flags "
            + (opt.getFlags() & 0x8000)
            + opt.getOptions(EDNSOption.Code.NSID);
  }

  private static TreeSet<String> lines(List<Record> records) {
    var lines = new TreeSet<String>();
    for (var record : records) {
      if (record.getType() != Type.OPT) {
        lines.add(line(record));
      }
    }
    return lines;
  }

  static String line(Record record) {
    var text =
        record.getName()
            + " "
            + record.getTTL()
            + " "
            + Type.string(record.getType())
            + " "
            + record.rdataToString();
    return text.toLowerCase(Locale.ROOT);
  }

  /** The type a question asks for; the name in it is not compressed. */
  static int type(byte[] question) {
    int at = 12;
    while (question[at] != 0) {
      at += question[at] + 1;
    }
    return (question[at + 1] & 0xFF) << 8 | question[at + 2] & 0xFF;
  }

  boolean referral() {
    return rcode == Rcode.NOERROR && !authority.isEmpty() && authority.first().contains(" ns ");
  }

  /** What was cut off: the owner of the NS set. */
  Optional<Name> cut() {
    return referral()
        ? Optional.of(Name.fromConstantString(authority.first().split(" ", 2)[0]))
        : Optional.empty();
  }

  /** The lines of the additional section that lie below what was cut off. */
  TreeSet<String> glue() {
    var lines = new TreeSet<String>();
    cut()
        .ifPresent(
            cut ->
                additional.stream()
                    .filter(l -> Name.fromConstantString(l.split(" ", 2)[0]).subdomain(cut))
                    .forEach(lines::add));
    return lines;
  }

  /** The name a chain of aliases ends at, if the chain has aliases and nothing after them. */
  Optional<Name> onward() {
    if (rcode != Rcode.NOERROR || !authority.isEmpty() || type == Type.CNAME || type == Type.ANY) {
      return Optional.empty();
    }
    var at = name;
    var seen = new HashSet<Name>();
    while (seen.add(at)) {
      var here = at;
      var alias =
          chain.stream()
              .filter(r -> r instanceof CNAMERecord && r.getName().equals(here))
              .map(r -> ((CNAMERecord) r).getTarget())
              .findFirst();
      if (alias.isEmpty()) {
        break;
      }
      at = alias.get();
    }
    var end = at;
    boolean whole = chain.stream().anyMatch(r -> r.getName().equals(end) && r.getType() == type);
    return whole || end.equals(name) ? Optional.empty() : Optional.of(end);
  }

  /** Whether there are aliases and nothing else, in a circle or so many that it was given up. */
  boolean endless() {
    return endless(0);
  }

  /**
   * @param beside a type that aliases may have with them
   */
  boolean endless(int beside) {
    long aliases = chain.stream().filter(r -> r.getType() == Type.CNAME).count();
    boolean circle =
        chain.stream()
            .filter(CNAMERecord.class::isInstance)
            .anyMatch(
                r ->
                    chain.stream()
                        .anyMatch(o -> o.getName().equals(((CNAMERecord) r).getTarget())));
    return aliases > 0
        && (circle || aliases >= 8)
        && chain.stream()
            .allMatch(
                r ->
                    r.getType() == Type.CNAME
                        || r.getType() == Type.DNAME
                        || r.getType() == beside);
  }

  /** This beginning of a chain, and the rest as it was asked for. */
  Said with(Said rest) {
    var all = new java.util.ArrayList<>(chain);
    all.addAll(rest.chain);
    var lines = new TreeSet<>(answer);
    lines.addAll(rest.answer);
    return new Said(
        rest.rcode,
        size + rest.size,
        aa,
        tc,
        flags,
        edns,
        name,
        type,
        all,
        lines,
        rest.authority,
        rest.additional);
  }

  @Override
  public String toString() {
    return (rcode == SILENCE ? "silence" : Rcode.string(rcode))
        + (aa ? " aa " : " ")
        + (tc ? "tc " : "")
        + flags
        + (edns.isEmpty() ? "" : "[" + edns + "] ")
        + size
        + " | "
        + String.join(", ", answer)
        + " | "
        + String.join(", ", authority)
        + " | "
        + String.join(", ", additional);
  }
}
