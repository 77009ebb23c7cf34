package dev.islet.monitor.model;

/**
 * Something that somebody should know of.
 *
 * @param rule the name of the rule that found it, with what it is about: {@code service-down:dns}
 * @param since epoch milliseconds
 * @param severity warning or critical
 * @param over whether it has ended
 */
public record Alert(String rule, long since, String severity, String text, boolean over) {}
