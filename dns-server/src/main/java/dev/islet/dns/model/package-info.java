/**
 * The words of the name server: questions, sets of records, answers, and what it tells about
 * itself. Names and records are dnsjava's values.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.model;
