package dev.islet.web.wire;

/**
 * How large a request may be.
 *
 * @param headBytes request line and header fields together
 * @param fields header field lines
 * @param targetBytes the request target
 * @param bodyBytes content
 */
public record HeadLimits(int headBytes, int fields, int targetBytes, long bodyBytes) {}
