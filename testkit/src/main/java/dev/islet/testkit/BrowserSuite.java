package dev.islet.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The checks of the monitor's page, scripts in Node with a real Chromium. A script says one line of
 * JSON for each of its checks.
 */
public final class BrowserSuite {
  /** A bound on waiting for a browser that hangs, far above what a run takes. */
  private static final int PATIENCE_MINUTES = 15;

  private static final String CHROMIUM = "/usr/bin/chromium";

  private static final Pattern LINE =
      Pattern.compile("\\{\"name\":\"(.*?)\",\"why\":(null|\".*\"),\"ms\":\\d+}");

  private final Path sources;
  private final Path target;

  /**
   * Scripts of a folder.
   *
   * @param sources where they are, with their package-lock.json
   * @param target the module's target: packages are put into its folder browser, pictures of what
   *     was seen into its folder screenshots
   */
  public BrowserSuite(Path sources, Path target) {
    this.sources = sources;
    this.target = target.toAbsolutePath();
  }

  /**
   * What became of one check.
   *
   * @param why what was wrong; empty if nothing
   */
  public record Result(String name, String why) {}

  /**
   * Runs a script to its end. Without Node, npm and Chromium the test that calls it is skipped.
   *
   * @param settings environment variables it reads
   * @throws AssertionError if it ends other than well, with what it said
   */
  public List<Result> run(String script, Map<String, String> settings) {
    assumeTrue(has("node") && has("npm"), "needs node and npm on the path");
    assumeTrue(
        Files.isExecutable(Path.of(System.getenv().getOrDefault("ISLET_CHROMIUM", CHROMIUM))),
        "needs " + CHROMIUM + ", or another that ISLET_CHROMIUM names");
    try {
      install();
      var builder = new ProcessBuilder("node", script).directory(place().toFile());
      builder.environment().putAll(settings);
      builder.environment().put("ISLET_SHOTS", target.resolve("screenshots").toString());
      var results = new ArrayList<Result>();
      for (var line : said(builder)) {
        var match = LINE.matcher(line);
        if (!match.matches()) {
          throw new AssertionError(script + " said: " + line);
        }
        var why = match.group(2);
        results.add(new Result(match.group(1), why.equals("null") ? "" : readable(why)));
      }
      return results;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean has(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private Path place() {
    return target.resolve("browser");
  }

  private static String readable(String json) {
    return json.substring(1, json.length() - 1).replace("\\n", "\n").replace("\\\"", "\"");
  }

  /** Copies the scripts, and has npm put the locked packages beside them unless they are there. */
  private void install() throws IOException {
    Files.createDirectories(place());
    boolean there =
        Files.exists(place().resolve("node_modules/.package-lock.json"))
            && Files.mismatch(
                    place().resolve("package-lock.json"), sources.resolve("package-lock.json"))
                < 0;
    try (var files = Files.newDirectoryStream(sources, "*.{mjs,json}")) {
      for (var file : files) {
        Files.copy(file, place().resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!there) {
      var npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      npm.environment().put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
      said(npm.directory(place().toFile()));
    }
  }

  /** The lines a process says; it must end well. */
  private List<String> said(ProcessBuilder builder) throws IOException {
    var faults = Files.createTempFile(place(), "stderr", ".txt");
    var process = builder.redirectError(faults.toFile()).start();
    process.getOutputStream().close();
    var guard = Thread.ofVirtual().start(() -> endIfStuck(process));
    try (var lines = process.inputReader(UTF_8)) {
      var all = lines.lines().toList();
      int status = process.waitFor();
      if (status != 0) {
        throw new AssertionError(
            "%s ended with %d: %s %s"
                .formatted(builder.command(), status, Files.readString(faults), all));
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    } finally {
      guard.interrupt();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      Files.deleteIfExists(faults);
    }
  }

  private static void endIfStuck(Process process) {
    try {
      if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it has ended by itself
    }
  }
}
