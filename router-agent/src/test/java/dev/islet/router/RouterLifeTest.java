package dev.islet.router;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.service.Service;
import dev.islet.router.model.Fib;
import dev.islet.testkit.ServiceContract;
import java.nio.file.Path;

class RouterLifeTest extends ServiceContract {
  @Override
  protected Service create(Path home) {
    return RouterAgent.create(
        c ->
            c.fib(Fib.NONE)
                .home(home)
                .route("10.20.0.0/16", "127.0.0.2")
                .rip(r -> r.interfaces("lo").port(TestPorts.free()))
                .admin(AdminConfig.loopback(0)));
  }
}
