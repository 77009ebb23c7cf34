package dev.islet.dns.store;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Keeps copies of lists that others publish on the web. A copy stays in use until a newer one is
 * there whole, durable, and has entries; so neither a power cut nor a captive portal's page takes a
 * list away. Servers are asked whether a list has changed (ETag, RFC 9110 section 13.1.2) before it
 * is sent anew.
 */
public final class ListDownloads implements AutoCloseable {
  private static final Logger LOG = System.getLogger("islet.dns");
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
  private static final Duration LAST_RETRY = Duration.ofHours(1);

  private final ListStore store;
  private final Consumer<String> renewed;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Task> tasks = new ArrayList<>();
  private @Nullable Thread thread;
  private boolean closed;
  private final AtomicLong failures = new AtomicLong();

  /**
   * @param renewed is told the name of each list that has another content now
   */
  public ListDownloads(ListStore store, Consumer<String> renewed) {
    this.store = store;
    this.renewed = renewed;
  }

  /**
   * A list on the web.
   *
   * @param list its name and form, and where its copy is kept
   * @param url http or https
   * @param refresh how long a copy is used before the server is asked again
   */
  public record Remote(ListStore.Source list, URI url, Duration refresh) {}

  private static final class Task {
    private final Remote remote;
    private long due; // by the clock of System.nanoTime
    private Duration retry = FIRST_RETRY;

    Task(Remote remote, Duration wait) {
      this.remote = remote;
      this.due = System.nanoTime() + wait.toNanos();
    }
  }

  /** Follows these lists from now on, and no others. */
  public void follow(List<Remote> remotes) {
    lock.lock();
    try {
      var next = new ArrayList<Task>();
      for (var remote : remotes) {
        next.add(
            tasks.stream()
                .filter(t -> t.remote.equals(remote))
                .findFirst()
                .orElseGet(() -> new Task(remote, wait(remote))));
      }
      tasks = next;
      if (thread == null && !tasks.isEmpty() && !closed) {
        thread = Thread.ofVirtual().name("dns-lists").start(this::run);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** How often a list could not be fetched. */
  public long failures() {
    return failures.get();
  }

  /** What is left of a copy's time; a clock that was set back does not prolong it. */
  private static Duration wait(Remote remote) {
    try {
      var note = Files.readAllLines(note(remote));
      if (!note.getFirst().equals(remote.url().toString()) || !Files.exists(remote.list().file())) {
        return Duration.ZERO;
      }
      var age =
          Duration.between(Files.getLastModifiedTime(note(remote)).toInstant(), Instant.now());
      return age.isNegative() || age.compareTo(remote.refresh()) > 0
          ? Duration.ZERO
          : remote.refresh().minus(age);
    } catch (IOException | RuntimeException e) {
      return Duration.ZERO; // never fetched, or the note is broken
    }
  }

  private void run() {
    try {
      for (var task = next(); task != null; task = next()) {
        serve(task);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  /** The next task once it is due; null when closed. */
  private @Nullable Task next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed) {
        Task first = null;
        for (var task : tasks) {
          first = first == null || task.due - first.due < 0 ? task : first;
        }
        long left = first == null ? Long.MAX_VALUE : first.due - System.nanoTime();
        if (left <= 0) {
          return first;
        }
        long woken = changed.awaitNanos(left);
        assert woken <= left;
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  private void serve(Task task) throws InterruptedException {
    var remote = task.remote;
    Duration wait;
    try {
      boolean fresh = fetch(remote);
      wait = remote.refresh();
      task.retry = FIRST_RETRY;
      LOG.log(
          Level.INFO,
          () ->
              "service=dns list="
                  + remote.list().name()
                  + " url="
                  + remote.url()
                  + (fresh ? " was fetched" : " has not changed"));
      if (fresh) {
        renewed.accept(remote.list().name());
      }
    } catch (IOException | RuntimeException e) {
      failures.incrementAndGet();
      wait = task.retry;
      task.retry = min(task.retry.multipliedBy(2), LAST_RETRY);
      var again = wait;
      LOG.log(
          Level.WARNING,
          () ->
              "service=dns list="
                  + remote.list().name()
                  + " url="
                  + remote.url()
                  + " cannot be fetched, again in "
                  + again
                  + ": "
                  + e);
    }
    lock.lock();
    try {
      task.due = System.nanoTime() + wait.toNanos();
    } finally {
      lock.unlock();
    }
  }

  private static Duration min(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /** Asks once; whether the copy is another one now. */
  private boolean fetch(Remote remote) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(remote.url()).timeout(PATIENCE);
    request.header("User-Agent", "islet-dns");
    tag(remote).ifPresent(tag -> request.header("If-None-Match", tag));
    // A client for each time, since its threads would wait for a day in between.
    try (var client =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .connectTimeout(PATIENCE)
            .build()) {
      try {
        var reply = client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (var body = reply.body()) {
          return taken(remote, reply, body);
        }
      } finally {
        client.shutdownNow();
      }
    }
  }

  private boolean taken(Remote remote, HttpResponse<InputStream> reply, InputStream body)
      throws IOException {
    if (reply.statusCode() == 304) {
      Files.setLastModifiedTime(note(remote), FileTime.from(Instant.now()));
      return false;
    }
    if (reply.statusCode() != 200) {
      throw new IOException("the server says " + reply.statusCode());
    }
    var copy = remote.list().file();
    var beside = copy.resolveSibling(copy.getFileName() + ".new");
    write(body, beside);
    if (store.entries(new ListStore.Source(remote.list().name(), beside, remote.list().format()))
        == 0) {
      Files.delete(beside);
      throw new IOException("what came has no entry of a list");
    }
    boolean same = Files.exists(copy) && Files.mismatch(copy, beside) < 0;
    if (same) {
      Files.delete(beside);
    } else {
      Files.move(beside, copy, StandardCopyOption.ATOMIC_MOVE);
    }
    Files.writeString(
        note(remote), remote.url() + "\n" + reply.headers().firstValue("ETag").orElse("") + "\n");
    return !same;
  }

  private static void write(InputStream body, Path file) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    try (var channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      var buffer = new byte[1 << 16];
      long size = 0;
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        size += n;
        if (size > ListStore.MAX_BYTES) {
          throw new IOException("more than the " + ListStore.MAX_BYTES + " bytes allowed");
        }
        var part = ByteBuffer.wrap(buffer, 0, n);
        while (part.hasRemaining()) {
          channel.write(part);
        }
      }
      channel.force(true);
    }
  }

  /** The tag of the copy, if it came from this address. */
  private static Optional<String> tag(Remote remote) throws IOException {
    try {
      var lines = Files.readAllLines(note(remote));
      return lines.size() == 2
              && lines.get(0).equals(remote.url().toString())
              && !lines.get(1).isEmpty()
              && Files.exists(remote.list().file())
          ? Optional.of(lines.get(1))
          : Optional.empty();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Beside the copy: where it came from and its tag; its time is when the server was asked. */
  private static Path note(Remote remote) {
    return remote.list().file().resolveSibling(remote.list().name() + ".from");
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      if (thread != null) {
        thread.interrupt();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }
}
