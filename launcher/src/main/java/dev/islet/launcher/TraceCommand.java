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
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Follows what a running service sees, decides and does. */
@Command(
    name = "trace",
    description = "Follow a service's protocol events until Ctrl-C.",
    mixinStandardHelpOptions = true)
final class TraceCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SERVICE", description = "dns, dhcp, ftp, web, voip or router")
  private String name = "";

  @Option(
      names = "--pcap",
      paramLabel = "FILE",
      description = "write the packets as pcapng, each with a comment that says what was decided")
  private Optional<Path> pcap = Optional.empty();

  @Mixin private Running running = new Running();

  @Override
  public Integer call() {
    var client =
        running.clients(List.of(name)).values().stream()
            .findFirst()
            .orElseThrow(
                () ->
                    new ConfigException(
                        List.of(
                            new Problem(
                                name + ".yaml", 1, 1, "admin", "is needed to trace; set it"))));
    if (pcap.isPresent()) {
      var file = pcap.get();
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
