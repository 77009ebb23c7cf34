package dev.islet.dns.chain;

import dev.islet.dns.fast.Checkpoint;
import dev.islet.dns.fast.FastQuestion;
import dev.islet.dns.model.Source;
import dev.islet.dns.queries.QueryBook;
import org.xbill.DNS.Rcode;

/**
 * Notes what the fast lane answers, and lets all pass. The one lock in it is held for the copy of a
 * few bytes; nobody else wants it but who reads the book ten times a second.
 */
record Noting(QueryBook book) implements Checkpoint {
  @Override
  public Pass answers(FastQuestion question, Kind kind) {
    var name = question.name();
    book.note(
        question.clientHigh(),
        question.clientLow(),
        name.bytes(),
        0,
        name.length(),
        question.type(),
        kind == Kind.NO_NAME ? Rcode.NXDOMAIN : Rcode.NOERROR,
        question.cached() ? Source.CACHE : Source.ZONE);
    return Pass.SEND;
  }
}
