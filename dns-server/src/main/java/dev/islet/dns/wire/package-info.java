/**
 * Bytes. A message from the network is first walked by {@link dev.islet.dns.wire.MessageView},
 * which throws nothing and copies nothing: it finds the question, the OPT record and the TSIG
 * record, or says at which offset the form broke. An answer becomes bytes in {@link
 * dev.islet.dns.wire.ResponseWriter}, with compressed names, cut at whole sets of records. {@link
 * dev.islet.dns.wire.Tsig} signs and checks; {@link dev.islet.dns.wire.Explain} names every field
 * for people.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.wire;
