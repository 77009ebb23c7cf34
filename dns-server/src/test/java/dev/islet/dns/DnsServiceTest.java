package dev.islet.dns;

import dev.islet.core.service.Service;
import dev.islet.testkit.ServiceContract;
import java.nio.file.Path;

class DnsServiceTest extends ServiceContract {
  @Override
  protected Service create(Path home) {
    return DnsServer.create(
        c ->
            c.listen("127.0.0.1", 0)
                .home(home)
                .admin(0)
                .zone("home.arpa", z -> z.a("nas", "192.168.7.10")));
  }
}
