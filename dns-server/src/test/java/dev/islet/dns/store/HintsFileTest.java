package dev.islet.dns.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.islet.dns.infra.RootHints;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.Name;

class HintsFileTest {
  @TempDir Path folder;

  private Path file(String text) throws Exception {
    return Files.writeString(folder.resolve("root.hints"), text);
  }

  @Test
  void names_and_addresses_of_both_families_are_read() throws Exception {
    var hints =
        HintsFile.read(
            file(
                """
                ; as InterNIC writes it
                .                  3600000  NS    A.ROOT-SERVERS.NET.
                A.ROOT-SERVERS.NET. 3600000  A     198.41.0.4
                A.ROOT-SERVERS.NET. 3600000  AAAA  2001:503:ba3e::2:30
                .                  3600000  NS    B.ROOT-SERVERS.NET.
                """));
    var a = Name.fromConstantString("a.root-servers.net.");
    assertThat(hints.servers().get(a)).isEqualTo(RootHints.INTERNET.servers().get(a));
    assertThat(hints.servers()).hasSize(2);
  }

  @Test
  void faults_name_file_and_line() throws Exception {
    assertThatThrownBy(() -> HintsFile.read(file(". NS a.\na. A 300.1.1.1\n")))
        .isInstanceOfSatisfying(ZoneFault.class, e -> assertThat(e.line()).isEqualTo(2))
        .hasMessageContaining("300.1.1.1");
    assertThatThrownBy(() -> HintsFile.read(file(". NS a.\n")))
        .hasMessageContaining("no root server with an address");
    assertThatThrownBy(() -> HintsFile.read(file("a. TXT x\n"))).hasMessageContaining("only NS");
    assertThatThrownBy(() -> HintsFile.read(folder.resolve("none")))
        .hasMessageContaining("no such file");
  }
}
