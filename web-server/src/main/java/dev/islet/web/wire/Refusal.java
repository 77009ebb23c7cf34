package dev.islet.web.wire;

/**
 * Why a request is not accepted. The connection is closed after the answer, since what follows on
 * it can no longer be trusted.
 *
 * @param status what to answer
 * @param why for people, with the RFC section
 */
public record Refusal(int status, String why) {}
