package dev.islet.dns;

import dev.islet.core.config.HostPort;
import dev.islet.dns.admin.Explanation;
import dev.islet.dns.chain.Chain;
import dev.islet.dns.chain.Step;
import dev.islet.dns.filter.Decision;
import dev.islet.dns.model.Question;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.Transport;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;

/** Puts a question to the chain as if a client had asked it, and tells who decides and why. */
final class Explaining {
  private static final int RECURSION_DESIRED = 0x0100;

  private final Chain chain;
  private final FilterAssembly filters;

  Explaining(Chain chain, FilterAssembly filters) {
    this.chain = chain;
    this.filters = filters;
  }

  /**
   * Explains.
   *
   * @param asked {@code name}, and maybe {@code type} and {@code client}
   * @throws IllegalArgumentException if one of them is missing or cannot be read
   */
  Explanation explain(Map<String, String> asked, FilterConfig config, String source, long now) {
    var question = Question.in(name(asked.get("name")), type(asked.getOrDefault("type", "A")));
    var client = HostPort.address(asked.getOrDefault("client", "127.0.0.1"));
    var from = new InetSocketAddress(client, 0);
    var request =
        new Request(0, RECURSION_DESIRED, question, Optional.empty(), from, from, Transport.TCP);
    var filter = chain.rules().filter();
    String outcome;
    var handler = "";
    String why;
    switch (chain.decide(request, now)) {
      case Step.Said said -> {
        outcome = Rcode.string(said.answer().rcode());
        handler = said.source().name();
        why = said.why();
      }
      case Step.Drop drop -> {
        outcome = "no answer";
        handler = "POLICY";
        why = drop.why();
      }
      case Step.Ask ask -> {
        outcome = "others are asked";
        why = "no zone of ours, not remembered, and no rule blocks it";
      }
    }
    var decision = decision(question, client, handler);
    return new Explanation(
        question.name().toString(),
        Type.string(question.type()),
        client.getHostAddress(),
        chain.view(client),
        filter.group(client).name(),
        outcome,
        handler,
        why,
        decision.map(d -> filters.rule(d, config, source)));
  }

  /** The filter decides only where nobody did before it. */
  private Optional<Decision> decision(Question question, InetAddress client, String handler) {
    return switch (handler) {
      case "ACL", "ZONE", "SPECIAL", "CODE", "MESSAGE" -> Optional.empty();
      default -> chain.rules().filter().decision(question, client);
    };
  }

  private static Name name(@org.jspecify.annotations.Nullable String text) {
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException("say which name: /explain?name=www.example.com");
    }
    try {
      return Name.fromString(text, Name.root);
    } catch (TextParseException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a domain name: " + e.getMessage(), e);
    }
  }

  private static int type(String text) {
    int type = Type.value(text, true);
    if (type < 0) {
      throw new IllegalArgumentException("\"" + text + "\" is not a type of record");
    }
    return type;
  }
}
