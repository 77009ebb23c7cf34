/**
 * What the neighbours have told. An entry is offered to {@link
 * dev.islet.router.rip.database.LearnedTable}, which keeps one route a prefix, times it out, and
 * answers what the RIB is to be told.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.router.rip.database;
