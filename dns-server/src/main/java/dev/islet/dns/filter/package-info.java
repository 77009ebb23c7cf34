/**
 * What the operator does not want to be answered as the Internet would.
 *
 * <p>A question that no zone of ours answers is made a {@link dev.islet.dns.filter.NameKey} and
 * laid before the {@link dev.islet.dns.filter.Filter}: the asker's {@link
 * dev.islet.dns.filter.Group} tells which lists count, each list's {@link
 * dev.islet.dns.filter.DomainSet} is asked for the name and all that it lies below, and the rule of
 * the highest rank decides. Let through, the question goes on to cache and resolver; what comes
 * back meets the filter again, for aliases that lead to blocked names and for private addresses
 * where public ones belong. Lists are read by {@link dev.islet.dns.filter.ListReader} and compiled
 * by {@link dev.islet.dns.filter.SetBuilder}, off the way of answers.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.filter;
