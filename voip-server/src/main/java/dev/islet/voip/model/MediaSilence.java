package dev.islet.voip.model;

import java.time.Duration;

/**
 * No phone of a call has sent media for the configured time, and neither holds the call.
 *
 * @param callId as given when the relay was opened
 * @param silent how long
 */
public record MediaSilence(String callId, Duration silent) {}
