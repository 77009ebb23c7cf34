package dev.islet.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.islet.core.service.Service;
import dev.islet.core.service.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every service promises about its life, whatever it serves. */
public abstract class ServiceContract {
  /** A new service, listening on port 0 of loopback, keeping its state in the folder. */
  protected abstract Service create(Path home) throws Exception;

  @Test
  void lives_once(@TempDir Path home) throws Exception {
    var service = create(home);
    assertThat(service.state()).isEqualTo(State.NEW);
    assertThat(service.endpoints()).isEmpty();
    try (service) {
      service.start();
      assertThat(service.state()).isEqualTo(State.RUNNING);
      assertThatIllegalStateException().isThrownBy(service::start);
      assertThat(service.state()).isEqualTo(State.RUNNING);
    }
    assertThat(service.state()).isEqualTo(State.STOPPED);
    assertThatIllegalStateException().isThrownBy(service::start);
    service.close();
    service.awaitStop();
    assertThat(service.state()).isEqualTo(State.STOPPED);
  }

  @Test
  void tells_the_ports_it_was_given(@TempDir Path home) throws Exception {
    try (var service = create(home)) {
      service.start();
      assertThat(service.endpoints()).allMatch(e -> e.address().getPort() > 0);
    }
  }

  @Test
  void may_be_closed_without_a_start(@TempDir Path home) throws Exception {
    var service = create(home);
    service.close();
    assertThat(service.state()).isEqualTo(State.STOPPED);
  }

  @Test
  void leaves_no_thread_behind(@TempDir Path home) throws Exception {
    // The first life pays for threads that libraries keep for the whole process.
    try (var first = create(home.resolve("first"))) {
      first.start();
    }
    var before = threads();
    try (var service = create(home.resolve("second"))) {
      service.start();
    }
    Wait.until(
        Duration.ofSeconds(10),
        () -> {
          var left = threads();
          left.removeAll(before);
          return left.isEmpty() ? "" : "threads left: " + left;
        });
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(Thread::isAlive)
        .map(t -> t.getName() + "#" + t.threadId())
        .filter(n -> !n.startsWith("ForkJoinPool") && !n.startsWith("VirtualThread-unparker"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
