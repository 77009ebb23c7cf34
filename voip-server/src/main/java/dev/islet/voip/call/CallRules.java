package dev.islet.voip.call;

/**
 * Limits of calls; times in nanoseconds.
 *
 * @param domain whose extensions these are
 * @param max calls at a time
 * @param perExtension calls at a time that one extension may have begun
 * @param ring how long phones ring unless the routing says otherwise
 * @param longest after which a call is ended
 * @param check how often each phone of a call is asked whether it is still there; 0 = never
 */
public record CallRules(
    String domain, int max, int perExtension, long ring, long longest, long check) {}
