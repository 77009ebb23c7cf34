/**
 * What is remembered of questions, where the operator wants it: nothing by default.
 *
 * <p>Answering threads note each reply in the {@link dev.islet.dns.queries.QueryBook}, a few bytes
 * in a buffer of fixed size; what does not fit is lost and counted. One thread empties it and feeds
 * {@link dev.islet.dns.queries.QueryStatistics} and the log.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.queries;
