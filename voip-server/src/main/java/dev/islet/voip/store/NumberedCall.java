package dev.islet.voip.store;

import dev.islet.voip.model.CallRecord;

/**
 * A call record with its number.
 *
 * @param number counts the finished calls of this installation from 1, without gaps
 */
public record NumberedCall(long number, CallRecord call) {}
