package dev.islet.core.net.socket;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Looks at this process's threads as Linux sees them. */
final class NativeThreads {
  private NativeThreads() {}

  /** Waits until the thread of a name (at most 15 letters) sleeps in a system call. */
  static void awaitAsleep(String name) throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (System.nanoTime() < end) {
      try (var tasks = Files.newDirectoryStream(Path.of("/proc/self/task"))) {
        for (var task : tasks) {
          var stat = Files.readString(task.resolve("stat"));
          if (stat.contains("(" + name + ") S ")
              && Files.readString(task.resolve("wchan")).matches(".*(wait_for_more|poll).*")) {
            return;
          }
        }
      } catch (java.nio.file.NoSuchFileException | java.nio.file.DirectoryIteratorException e) {
        Thread.onSpinWait(); // a thread ended while we looked
      }
      Thread.onSpinWait();
    }
    throw new AssertionError("thread " + name + " does not wait in the kernel");
  }
}
