package dev.islet.voip.model;

/**
 * The header fields that every message must carry (RFC 3261 §8.1.1), read.
 *
 * @param via the topmost Via
 * @param cseq number and method
 * @param callId the Call-ID as written
 * @param from the initiator
 * @param to the recipient
 */
public record Vitals(Via via, CSeq cseq, String callId, NameAddress from, NameAddress to) {}
