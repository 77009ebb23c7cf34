package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.log.Logs;
import dev.islet.core.service.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.Option;

/** One service in the foreground, as its container runs it. */
final class RunCommand {
  private static final Option FILE =
      Option.builder()
          .longOpt("config")
          .hasArg()
          .argName("FILE")
          .required()
          .desc("its YAML file")
          .get();

  static final Command COMMAND =
      new Command(
          "run",
          "SERVICE",
          "Run one service in the foreground, as its container does.",
          options(),
          RunCommand::run);

  private RunCommand() {}

  private static List<Option> options() {
    var all = new ArrayList<Option>();
    all.add(FILE);
    all.addAll(Folders.OPTIONS);
    return all;
  }

  private static int run(CommandLine line) throws Exception {
    var name = line.getArgList().getFirst();
    var file = Path.of(line.getOptionValue(FILE));
    var kind =
        Kind.of(name)
            .orElseThrow(
                () ->
                    new ConfigException(
                        List.of(
                            new Problem(
                                file.toString(),
                                1,
                                1,
                                name,
                                "is not a service; the services are " + Selection.words()))));
    var home = Folders.home(line);
    var service = kind.open(file, home);
    Files.createDirectories(home.data());
    Logs.toFolder(home.logs(), kind.word(), Level.INFO);
    Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(service::close));
    service.start();
    System.out.println(
        kind.word() + " running: " + (service.endpoints().isEmpty() ? "dry" : service.endpoints()));
    service.awaitStop();
    return service.state() == State.FAILED ? Islet.FAILED : Islet.OK;
  }
}
