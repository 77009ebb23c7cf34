package dev.islet.dns;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.Jazzer;
import dev.islet.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jazzer looks for bytes that break a reader, led by what code they reach, from {@code
 * src/test/corpus} on. The short run is always the same one: {@code -Dislet.fuzz=300} looks for as
 * many seconds, with another seed each time. What it finds goes into the corpus, with its mending.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "Jazzer's native part is tried on Linux only")
class CoverageFuzzTest {
  private static final int RUNS = 3_000;

  /** Folder of the corpus, and who takes what is in it. */
  private static final Map<String, String> TARGETS =
      new TreeMap<>(
          Map.of(
              "message", "dev.islet.dns.wire.MessageTarget",
              "zone", "dev.islet.dns.store.ZoneTarget",
              "list", "dev.islet.dns.filter.ListTarget"));

  @TempDir Path folder;

  private record Run(String name, Process process, Path log) {}

  private Run start(String name, String target) throws IOException {
    var corpus = Files.createDirectory(folder.resolve(name)); // what is new goes here
    var seeds = Path.of("src/test/corpus", name).toAbsolutePath();
    assertThat(seeds).isDirectory();
    var command =
        new ArrayList<>(
            ChildJvm.of(
                    Jazzer.class,
                    "--target_class=" + target,
                    "--instrumentation_includes=dev.islet.dns.**",
                    "--reproducer_path=" + corpus,
                    "-artifact_prefix=" + corpus + "/",
                    "-max_len=1024",
                    "-len_control=0",
                    "-timeout=20",
                    // What a process has used at most counts that of its parent before exec, and
                    // the tests' own JVM is large; the heap's limit below is the one that holds.
                    "-rss_limit_mb=0")
                .command());
    command.addAll(1, List.of("-XX:+EnableDynamicAgentLoading", "-Xmx512m"));
    var seconds = System.getProperty("islet.fuzz", "");
    command.addAll(
        seconds.isEmpty()
            ? List.of("-seed=20261124", "-runs=" + RUNS)
            : List.of("-max_total_time=" + seconds));
    command.addAll(List.of(corpus.toString(), seeds.toString()));
    var log = folder.resolve(name + ".log");
    var process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new Run(name, process, log);
  }

  @Test
  void no_bytes_break_a_reader() throws Exception {
    var runs = new ArrayList<Run>();
    try {
      for (var target : TARGETS.entrySet()) {
        runs.add(start(target.getKey(), target.getValue()));
      }
      long most = 120 + Integer.getInteger("islet.fuzz", 0);
      for (var run : runs) {
        assertThat(run.process().waitFor(most, TimeUnit.SECONDS)).as(run.name()).isTrue();
        var said = Files.readString(run.log()).lines().filter(l -> !l.startsWith("INFO")).toList();
        assertThat(run.process().exitValue())
            .as(run.name() + " " + found(folder.resolve(run.name())) + "\n" + end(said))
            .isZero();
        assertThat(said).as(run.name()).anyMatch(l -> l.startsWith("Done "));
        System.out.println(
            run.name()
                + ": "
                + said.stream().filter(l -> l.contains("DONE")).findFirst().orElse(""));
      }
    } finally {
      runs.forEach(r -> r.process().destroyForcibly());
    }
  }

  /** The bytes that broke it, in base64. */
  private static String found(Path corpus) throws IOException {
    try (var files = Files.list(corpus)) {
      for (var file : files.toList()) {
        if (file.getFileName().toString().matches("(crash|timeout|oom)-.*")) {
          return Base64.getEncoder().encodeToString(Files.readAllBytes(file));
        }
      }
    }
    return "no bytes are kept";
  }

  private static String end(List<String> lines) {
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
  }
}
