package dev.islet.dns.admin;

import java.util.Optional;

/**
 * Why a name is answered as it is, for {@code /explain}.
 *
 * @param name asked for
 * @param type mnemonic
 * @param client who would ask
 * @param view that the client has; empty for what all see
 * @param group of the filter that the client is in; empty for none
 * @param outcome what happens: the response code, or that others are asked, or silence
 * @param source which handler decides; empty where others are asked
 * @param why in a sentence
 * @param rule of the filter that decides, allowing or not
 */
public record Explanation(
    String name,
    String type,
    String client,
    String view,
    String group,
    String outcome,
    String source,
    String why,
    Optional<Rule> rule) {
  /**
   * A rule.
   *
   * @param file of the list, or the configuration's
   * @param line in it; empty if the file has changed since it was read, or for the configuration
   */
  public record Rule(String list, String does, String file, Optional<Integer> line) {}
}
