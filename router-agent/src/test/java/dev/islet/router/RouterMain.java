package dev.islet.router;

import dev.islet.core.config.ConfigFile;
import dev.islet.core.service.Home;
import dev.islet.core.service.StartException;
import java.nio.file.Path;

/** The router as a process of its own, for tests in network namespaces. */
final class RouterMain {
  private RouterMain() {}

  /** Takes the configuration file and the folder of the state. */
  public static void main(String[] args) throws InterruptedException {
    var home = Path.of(args[1]);
    var file = new ConfigFile<>(Path.of(args[0]), RouterConfig.class);
    try (var router = RouterAgent.create(file, new Home(home, home))) {
      Runtime.getRuntime().addShutdownHook(new Thread(router::close));
      router.start();
      System.out.println("ready");
      router.awaitStop();
    } catch (StartException e) {
      System.out.println(e.getMessage());
      Runtime.getRuntime().halt(3);
    }
  }
}
