/** What operators see: counters, a snapshot of state, and a question of the server to itself. */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.admin;
