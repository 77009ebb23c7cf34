package dev.islet.router.hub;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.router.model.RipAuth;
import dev.islet.router.model.RipSettings.Horizon;
import dev.islet.router.store.InputLog;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recording, written to a file and read back, makes another engine do the very same. */
class ReplayTest {
  @Test
  void a_recorded_router_does_the_same_again(@TempDir Path folder) throws Exception {
    var net = new SimulatedNet(21, 0.2);
    var nics = new LinkedHashMap<String, Integer>();
    nics.put("eth0", 2);
    nics.put("eth1", 3);
    var settings =
        SimulatedNet.settings(SimulatedNet.rip(Horizon.POISON, new RipAuth.Open(), "eth0", "eth1"));
    net.router(Horizon.POISON, 1, 2);
    var recorded = net.router(settings, nics);
    net.router(Horizon.POISON, 3, 4);
    net.start();
    net.run(Duration.ofSeconds(100));
    net.link(recorded, "eth1", false);
    net.run(Duration.ofSeconds(20));
    net.link(recorded, "eth1", true);
    net.run(Duration.ofSeconds(100));
    recorded.give(
        new RouterInput.ProgramFailed(recorded.kernel.values().iterator().next(), "add", "no"));
    recorded.give(new RouterInput.KernelLost("lost"));
    net.run(Duration.ofSeconds(10));
    recorded.give(new RouterInput.Stop());

    var file = folder.resolve("router.jsonl");
    try (var log = InputLog.create(file)) {
      recorded.inputs.forEach(i -> log.record(i.at(), i.input()));
    }
    var lines = InputLog.read(file);
    assertThat(lines).hasSameSizeAs(recorded.inputs).hasSizeGreaterThan(20);
    for (int i = 0; i < lines.size(); i++) {
      assertThat(lines.get(i).input()).isEqualTo(recorded.inputs.get(i).input());
    }

    var deeds = new ArrayList<String>();
    var again = new RouterEngine(settings, new Random(recorded.seed), 0);
    for (var line : lines) {
      while (again.deadline() < line.at()) {
        long at = again.deadline();
        again.onTime(at, action -> deeds.add(at + " " + text(action)));
      }
      again.on(line.at(), line.input(), action -> deeds.add(line.at() + " " + text(action)));
    }
    assertThat(deeds)
        .isEqualTo(recorded.deeds.stream().map(d -> d.at() + " " + text(d.action())).toList());
  }

  private static String text(RouterAction action) {
    return switch (action) {
      case RouterAction.SendRip send ->
          List.of(send.nic(), send.from(), send.to(), new Octets(send.payload()), send.why())
              .toString();
      case RouterAction.Tell(var event) -> event.note();
      default -> action.toString();
    };
  }
}
