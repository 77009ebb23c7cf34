package dev.islet.monitor;

import dev.islet.core.service.Service;
import dev.islet.testkit.ServiceContract;
import java.nio.file.Path;

class MonitorContractTest extends ServiceContract {
  @Override
  protected Service create(Path home) {
    return MonitorServer.create(c -> c.listen("127.0.0.1", 0).data(home).admin(0));
  }
}
