package dev.islet.dns.resolve;

/**
 * How a query is put to one server.
 *
 * @param stream over TCP
 * @param edns with an OPT record (RFC 6891)
 * @param recursionDesired RD: for a server that resolves for us
 * @param dnssecOk DO: signatures wanted (RFC 3225); needs EDNS
 * @param checkingDisabled CD: the server shall not validate for us (RFC 4035 section 3.2.2)
 * @param mixedCase letters of the name in random case, which a forger must guess too
 */
record Form(
    boolean stream,
    boolean edns,
    boolean recursionDesired,
    boolean dnssecOk,
    boolean checkingDisabled,
    boolean mixedCase) {

  Form overStream() {
    return new Form(true, edns, recursionDesired, dnssecOk, checkingDisabled, mixedCase);
  }

  Form withoutEdns() {
    return new Form(stream, false, recursionDesired, dnssecOk, checkingDisabled, mixedCase);
  }

  Form inPlainCase() {
    return new Form(stream, edns, recursionDesired, dnssecOk, checkingDisabled, false);
  }
}
