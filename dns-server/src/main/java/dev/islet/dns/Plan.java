package dev.islet.dns;

import dev.islet.core.config.ConfigException;
import dev.islet.dns.chain.View;
import dev.islet.dns.filter.Filter;
import dev.islet.dns.infra.RootHints;
import dev.islet.dns.model.AnswerFunction;
import dev.islet.dns.update.UpdateEngine;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.xbill.DNS.Name;

/**
 * A configuration with all files it names, read whole, so that it counts whole or not at all.
 *
 * @param source who says so: a file, or {@code code}
 * @param masters the zones that we are the primary of, as their files have them
 * @param filter the lists and groups; it changes alone when a list from the web has new content
 */
record Plan(
    DnsConfig config,
    String source,
    List<UpdateEngine.Master> masters,
    RootHints hints,
    Filter filter,
    List<View> views) {

  /**
   * @param code names answered by code, which views do not shadow
   * @throws ConfigException every fault of the configuration and its files, with line
   */
  static Plan read(
      DnsConfig config,
      String source,
      Map<Name, AnswerFunction> code,
      FilterAssembly filters,
      Instant now) {
    return new Plan(
        config,
        source,
        Assembly.masters(config, source, now),
        Assembly.hints(config),
        filters.filter(config, source),
        ViewAssembly.views(config, Assembly.ours(config, code), source));
  }

  Plan with(Filter other) {
    return new Plan(config, source, masters, hints, other, views);
  }
}
