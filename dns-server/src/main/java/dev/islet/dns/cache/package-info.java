/**
 * What upstream servers said, for as long as they said it holds.
 *
 * <p>An answer that {@code resolve} has cleaned is put under its question with the moment it dies.
 * A later question of the same name and type gets it with every TTL lessened by its age, until the
 * lowest has run out. The whole is bounded in bytes; what was not asked for lately goes first.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.cache;
