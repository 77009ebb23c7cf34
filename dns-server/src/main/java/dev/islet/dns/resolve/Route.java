package dev.islet.dns.resolve;

import dev.islet.dns.model.Answer;
import java.net.InetSocketAddress;
import java.util.List;

/** Where the answer to a question that a walk leads to is to be had. */
public sealed interface Route {
  /** Here: a special name that never leaves, or a zone of ours. */
  record Known(Answer answer) implements Route {}

  /** At servers that resolve for us: conditional forwarding. */
  record Ask(List<InetSocketAddress> servers) implements Route {}

  /** At the end of a walk from the root. */
  record Walk() implements Route {}
}
