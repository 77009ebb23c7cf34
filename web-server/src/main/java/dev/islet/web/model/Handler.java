package dev.islet.web.model;

/**
 * Answers requests in code. Runs on a virtual thread of its own, so it may wait; the request's
 * content has arrived whole before.
 */
@FunctionalInterface
public interface Handler {
  /** Answers one request; an exception becomes status 500 and a line in the log. */
  Reply handle(Request request) throws Exception;
}
