package dev.islet.core.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSecretTest {
  @TempDir Path folder;

  @Test
  void itIsMadeOnceAndReadableByItsOwnerOnly() throws Exception {
    var file = folder.resolve("new").resolve("folder").resolve("admin.token");
    var secret = SharedSecret.of(file);
    assertThat(secret).matches("[0-9a-f]{64}");
    assertThat(SharedSecret.of(file)).isEqualTo(secret);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(SharedSecret.of(folder.resolve("other"))).isNotEqualTo(secret);
  }

  @Test
  void creatorsAtTheSameTimeAgree() throws Exception {
    for (int round = 0; round < 20; round++) {
      var file = folder.resolve("round" + round).resolve("secret");
      var start = new CountDownLatch(1);
      try (var threads = Executors.newFixedThreadPool(8)) {
        var secrets =
            IntStream.range(0, 8)
                .mapToObj(
                    _ ->
                        threads.submit(
                            (Callable<String>)
                                () -> {
                                  start.await();
                                  return SharedSecret.of(file);
                                }))
                .toList();
        start.countDown();
        var distinct = new HashSet<String>();
        for (var secret : secrets) {
          distinct.add(secret.get());
        }
        assertThat(distinct).hasSize(1).allMatch(s -> s.length() == 64);
      }
      try (var left = Files.list(file.getParent())) {
        assertThat(left).containsExactly(file);
      }
    }
  }

  @Test
  void anOperatorsOwnSecretIsTaken() throws Exception {
    var file = Files.writeString(folder.resolve("own"), "correct horse\n");
    assertThat(SharedSecret.of(file)).isEqualTo("correct horse");
  }

  @Test
  void anEmptyFileIsNoSecret() throws Exception {
    var file = Files.writeString(folder.resolve("empty"), "\n");
    assertThatThrownBy(() -> SharedSecret.of(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is empty");
  }
}
