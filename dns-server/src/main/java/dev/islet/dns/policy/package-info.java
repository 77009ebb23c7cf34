/**
 * Who may do what: {@link dev.islet.dns.policy.Acl} for questions, {@link
 * dev.islet.dns.policy.UpdatePolicy} for changes, {@link dev.islet.dns.policy.SpecialNames} for
 * what never leaves the house. A question meets the first and the last before any zone is looked
 * at; a change meets its policy record by record.
 */
@org.jspecify.annotations.NullMarked
package dev.islet.dns.policy;
