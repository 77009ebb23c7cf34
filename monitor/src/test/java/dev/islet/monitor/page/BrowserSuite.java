package dev.islet.monitor.page;

import static java.nio.charset.StandardCharsets.UTF_8;

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

/**
 * A script of {@code src/test/browser} in Node, with a real Chromium. It says one line of JSON for
 * each of its checks.
 */
final class BrowserSuite {
  /** A bound on waiting for a browser that hangs, far above what a run takes. */
  private static final int PATIENCE_MINUTES = 6;

  private static final Path SOURCES = Path.of("src/test/browser");
  private static final Path PLACE = Path.of("target/browser");
  private static final Pattern LINE =
      Pattern.compile("\\{\"name\":\"(.*?)\",\"why\":(null|\".*\"),\"ms\":\\d+}");

  /** Where the checks leave pictures of what they saw. */
  static final Path SCREENSHOTS = Path.of("target/screenshots");

  /**
   * What became of one check.
   *
   * @param why what was wrong; empty if nothing
   */
  record Result(String name, String why) {}

  private BrowserSuite() {}

  /**
   * Runs a script to its end.
   *
   * @param settings environment variables it reads
   * @throws AssertionError if it ends other than well, with what it said
   */
  static List<Result> run(String script, Map<String, String> settings) {
    try {
      install();
      var builder = new ProcessBuilder("node", script).directory(PLACE.toFile());
      builder.environment().putAll(settings);
      builder
          .environment()
          .put(
              "ISLET_PAGE", Path.of("target/classes/dev/islet/monitor/page").toAbsolutePath() + "");
      builder.environment().put("ISLET_SHOTS", SCREENSHOTS.toAbsolutePath().toString());
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

  private static String readable(String json) {
    return json.substring(1, json.length() - 1).replace("\\n", "\n").replace("\\\"", "\"");
  }

  /** Copies the scripts, and has npm put the locked packages beside them unless they are there. */
  private static void install() throws IOException {
    Files.createDirectories(PLACE);
    var lock = PLACE.resolve("package-lock.json");
    boolean there =
        Files.exists(PLACE.resolve("node_modules/.package-lock.json"))
            && Files.mismatch(lock, SOURCES.resolve("package-lock.json")) < 0;
    try (var files = Files.newDirectoryStream(SOURCES, "*.{mjs,json}")) {
      for (var file : files) {
        Files.copy(file, PLACE.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (!there) {
      var npm = new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund");
      npm.environment().put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
      said(npm.directory(PLACE.toFile()));
    }
  }

  /** The lines a process says; it must end well. */
  private static List<String> said(ProcessBuilder builder) throws IOException {
    var faults = Files.createTempFile(PLACE, "stderr", ".txt");
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
