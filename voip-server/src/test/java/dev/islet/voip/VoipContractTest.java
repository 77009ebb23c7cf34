package dev.islet.voip;

import dev.islet.core.service.Service;
import dev.islet.testkit.ServiceContract;
import java.nio.file.Path;

class VoipContractTest extends ServiceContract {
  @Override
  protected Service create(Path home) {
    return VoipServer.create(
        c ->
            c.listen("127.0.0.1", 0)
                .listenTls("127.0.0.1", 0)
                .rtpPorts(0, 0)
                .data(home)
                .admin(0)
                .extension("100", "a password")
                .onTrace(event -> {}));
  }
}
