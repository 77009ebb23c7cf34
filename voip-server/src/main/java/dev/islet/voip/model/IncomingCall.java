package dev.islet.voip.model;

import java.net.InetSocketAddress;

/**
 * A call that asks to be routed.
 *
 * @param callId the Call-ID of the caller's dialog
 * @param from the extension that calls; its password was checked
 * @param to what was dialled
 * @param source where the INVITE came from
 */
public record IncomingCall(String callId, String from, String to, InetSocketAddress source) {}
