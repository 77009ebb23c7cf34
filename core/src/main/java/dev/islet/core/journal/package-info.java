/**
 * State that was promised to somebody.
 *
 * <p>A lease is appended as a record, committed with all others that wait, and only then answered.
 * After a crash the records are replayed in order; what was cut is cut off, and damage is set aside
 * and told.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.core.journal;
