package dev.islet.voip.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.islet.voip.model.Binding;
import dev.islet.voip.model.Flow;
import dev.islet.voip.registrar.Registrar.Change;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BindingJournalTest {
  private static Binding binding(int n, long connection) {
    return new Binding(
        "10" + n,
        "sip:10" + n + "@[2001:db8::1]:5070;transport=tcp",
        new Flow(
            Flow.Transport.TCP,
            new InetSocketAddress("192.168.7.1", 5060),
            new InetSocketAddress("2001:db8::1", 40_000 + n),
            connection),
        "call-id",
        4_000_000_000L,
        500,
        Long.MAX_VALUE / 2,
        "agent \u00e9");
  }

  @Test
  void what_was_committed_is_there_again_but_its_connection_is_not(@TempDir Path folder)
      throws Exception {
    var file = folder.resolve("deep/registrations.journal");
    try (var journal = BindingJournal.open(file)) {
      journal.append(new Change.Put(binding(1, 7)));
      journal.append(new Change.Put(binding(2, 8)));
      journal.append(new Change.Gone("101", binding(1, 7).contact(), "over"));
      journal.commit();
    }
    try (var journal = BindingJournal.open(file)) {
      assertThat(journal.bindings()).containsExactly(binding(2, 0));
    }
  }

  @Test
  void many_renewals_do_not_let_it_grow_without_end(@TempDir Path folder) throws Exception {
    var file = folder.resolve("registrations.journal");
    try (var journal = BindingJournal.open(file)) {
      for (int round = 0; round < 200; round++) {
        for (int n = 0; n < 50; n++) {
          journal.append(new Change.Put(binding(n, 0)));
        }
        journal.commit();
      }
      assertThat(file.toFile().length()).isLessThan(1_500_000);
    }
    try (var journal = BindingJournal.open(file)) {
      assertThat(journal.bindings()).hasSize(50);
    }
  }
}
