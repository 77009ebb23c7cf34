package dev.islet.dns.chain;

import dev.islet.dns.model.Answer;
import dev.islet.dns.model.Request;
import dev.islet.dns.model.Source;
import dev.islet.dns.policy.Dns64;
import java.util.Optional;
import java.util.function.Supplier;

/** The last handler of a question for IPv6 addresses by somebody behind a translator (RFC 6147). */
final class Translation {
  private Translation() {}

  /**
   * What becomes of an answer.
   *
   * @param said to the question for IPv6 addresses
   * @param four decides about the same question for IPv4 addresses
   */
  static Step of(Request request, Step.Said said, Rules rule, Supplier<Step> four) {
    var dns64 = rule.dns64().filter(d -> d.translates(request));
    boolean concerned =
        switch (said.source()) {
          case ZONE, CACHE, FORWARD -> dns64.isPresent();
          default -> false;
        };
    if (!concerned) {
      return said;
    }
    if (!dns64.get().lacks(said.answer())) {
      var given = dns64.get().given(said.answer());
      var why = "without excluded addresses (RFC 6147 section 5.1.4)";
      return given == said.answer() ? said : new Step.Said(given, Source.DNS64, why);
    }
    return switch (four.get()) {
      case Step.Said other -> {
        var made = made(dns64.get(), said.answer(), other);
        yield made.answer() == said.answer() ? said : made;
      }
      case Step.Ask(var inquiry, var way, var six) ->
          new Step.Ask(inquiry, way, Optional.of(said.answer()));
      case Step.Drop drop -> drop;
    };
  }

  /** A rule about IPv4 addresses says nothing that IPv6 addresses could be made of. */
  static Step.Said made(Dns64 dns64, Answer six, Step.Said four) {
    return switch (four.source()) {
      case POLICY, ACL -> new Step.Said(six, Source.DNS64, "nothing to make it of: " + four.why());
      default ->
          new Step.Said(
              dns64.synthesised(six, four.answer()),
              Source.DNS64,
              "there are IPv4 addresses at most (RFC 6147 section 5.1)");
    };
  }
}
