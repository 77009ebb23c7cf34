package dev.islet.launcher;

import dev.islet.core.config.ConfigException;
import dev.islet.core.config.Problem;
import dev.islet.core.log.Logs;
import dev.islet.core.service.State;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** One service in the foreground, as its container runs it. */
@Command(
    name = "run",
    description = "Run one service in the foreground, as its container does.",
    mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {
  @Parameters(paramLabel = "SERVICE", description = "dns, dhcp, ftp, web, voip or router")
  private String name = "";

  @Option(names = "--config", paramLabel = "FILE", required = true, description = "its YAML file")
  private Path file = Path.of("");

  @Mixin private Folders folders = new Folders();

  @Override
  public Integer call() throws Exception {
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
    var home = folders.home();
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
