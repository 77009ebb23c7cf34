package dev.islet.dhcp;

import dev.islet.core.service.Service;
import dev.islet.testkit.ServiceContract;
import java.nio.file.Path;

class DhcpContractTest extends ServiceContract {
  @Override
  protected Service create(Path home) {
    return RelayModeTest.server(
        c ->
            c.leases(home.resolve("leases.journal"))
                .names("127.0.0.1:9", "home.arpa", "k.", "c2VjcmV0LXNlY3JldC1zZWNyZXQ="));
  }
}
