package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** Follows what a running service sees, decides and does. */
final class TraceCommand {
  private static final Option PCAP =
      Flags.option(
          "pcap",
          "FILE",
          "write the packets as pcapng, each with a comment that says what was decided");

  static final Command COMMAND =
      new Command(
          "trace",
          "SERVICE",
          "Follow a service's protocol events until Ctrl-C.",
          Running.options(PCAP),
          TraceCommand::run);

  private TraceCommand() {}

  private static int run(CommandLine line) {
    var name = line.getArgList().getFirst();
    var client =
        Running.clients(line).values().stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new ConfigException(
                        List.of(
                            new Problem(
                                name + ".yaml", 1, 1, "admin", "is needed to trace; set it"))));
    if (line.hasOption(PCAP)) {
      var file = Path.of(line.getOptionValue(PCAP));
      return client.stream("/trace?format=pcapng", in -> save(in, file));
    }
    return client.stream("/trace", TraceCommand::print);
  }

  private static int print(InputStream in) {
    try (var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("data: ")) {
          System.out.println(line.substring("data: ".length()));
        }
      }
      return Islet.OK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int save(InputStream in, Path file) {
    try (var out = Files.newOutputStream(file)) {
      System.err.println("writing packets to " + file + " until Ctrl-C");
      in.transferTo(out);
      return Islet.OK;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
