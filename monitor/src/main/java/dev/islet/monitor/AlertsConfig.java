package dev.islet.monitor;

import dev.islet.core.config.BadValue;
import dev.islet.core.config.Key;
import dev.islet.monitor.alert.Rule;
import dev.islet.monitor.alert.Rules;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Who is told of alerts, and of which.
 *
 * @param off rules that are left out
 * @param webhook gets each alert as JSON
 * @param ntfy a topic of an ntfy server
 * @param ntfyToken for topics that ask for one
 */
public record AlertsConfig(
    @Key(value = "rules that are left out, by name", def = "[]") List<String> off,
    @Key("web address that gets each alert as JSON, by POST") Optional<URI> webhook,
    @Key("topic of an ntfy server, like https://ntfy.example/house") Optional<URI> ntfy,
    @Key("access token for that topic; better ${file:...} than written here")
        Optional<String> ntfyToken,
    @Key("mail for each alert") Optional<MailConfig> mail) {
  public AlertsConfig {
    var known = Rules.ALL.stream().map(Rule::name).toList();
    for (var name : off) {
      if (!known.contains(name)) {
        throw new BadValue(
            "off", "there is no rule " + name + "; the rules are " + String.join(", ", known));
      }
    }
    webhook.ifPresent(uri -> web("webhook", uri));
    ntfy.ifPresent(uri -> web("ntfy", uri));
  }

  private static void web(String key, URI uri) {
    if (uri.getHost() == null || !List.of("http", "https").contains(uri.getScheme())) {
      throw new BadValue(key, "expected an address that begins with http:// or https://");
    }
  }

  /**
   * By which server, from whom and to whom mail goes.
   *
   * @param server {@code smtp://host:25} or {@code smtps://host:465}
   */
  public record MailConfig(
      @Key("mail server, smtp://host:25 (STARTTLS if offered) or smtps://host:465") URI server,
      @Key("address of the sender") String from,
      @Key("address of who is told") String to,
      @Key("user at the server") Optional<String> user,
      @Key("password at the server; better ${file:...} than written here")
          Optional<String> password) {
    public MailConfig {
      if (server.getHost() == null || !List.of("smtp", "smtps").contains(server.getScheme())) {
        throw new BadValue("server", "expected an address that begins with smtp:// or smtps://");
      }
      for (var address : List.of(from, to)) {
        if (!address.matches("[^\\s<>@]+@[^\\s<>@]+")) {
          throw new BadValue(
              address.equals(from) ? "from" : "to", "\"" + address + "\" is no mail address");
        }
      }
    }
  }

  /** The rules that are in force. */
  List<Rule> rules() {
    return Rules.ALL.stream().filter(rule -> !off.contains(rule.name())).toList();
  }
}
