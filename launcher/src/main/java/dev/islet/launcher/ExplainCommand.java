package dev.islet.launcher;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.commons.cli.CommandLine;

/** Asks a running service why it decides as it does. */
final class ExplainCommand {
  static final Command COMMAND =
      new Command(
          "explain",
          "SERVICE NAME [CLIENT]",
          "Tell what a service says to a name, for an address that asks, and by which rule.",
          Running.options(),
          ExplainCommand::run);

  private ExplainCommand() {}

  private static int run(CommandLine line) {
    var words = line.getArgList();
    var service = words.getFirst();
    var path =
        "/explain?name="
            + encoded(words.get(1))
            + (words.size() > 2 ? "&client=" + encoded(words.get(2)) : "");
    var client = Running.clients(line, List.of(service)).values().stream().findFirst();
    var answer = client.flatMap(c -> c.ask("GET", path));
    if (answer.isEmpty()) {
      throw new UnreachableException(
          service + " does not answer on its admin endpoint: is it running? Try ./islet status");
    }
    boolean good = answer.get().status() == 200;
    (good ? System.out : System.err)
        .println(
            answer.get().body() + (answer.get().status() == 401 ? client.get().tokenHint() : ""));
    return good ? Islet.OK : Islet.FAILED;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
