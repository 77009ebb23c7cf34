package dev.islet.voip.model;

/**
 * A phone's registration (RFC 3261 §10.3): where an extension can be reached.
 *
 * @param extension the number
 * @param contact the URI the phone gave
 * @param flow the path its REGISTER came by
 * @param callId of the REGISTER; with {@code cseq} it orders the phone's registrations
 * @param priority the q value in thousandths
 * @param expires the moment it ends, nanoseconds since the epoch
 * @param agent what the phone calls itself; may be empty
 */
public record Binding(
    String extension,
    String contact,
    Flow flow,
    String callId,
    long cseq,
    int priority,
    long expires,
    String agent) {}
