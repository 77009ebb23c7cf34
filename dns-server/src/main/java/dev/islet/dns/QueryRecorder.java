package dev.islet.dns;

import dev.islet.core.time.TimeSource;
import dev.islet.dns.queries.Anonymity;
import dev.islet.dns.queries.QueryBook;
import dev.islet.dns.queries.QueryStatistics;
import dev.islet.dns.store.QueryLog;
import java.util.Optional;

/** The thread that empties the book of replies into statistics and log. */
final class QueryRecorder implements AutoCloseable {
  private static final long PAUSE = 100;

  private final QueryBook book = new QueryBook();
  private final QueryStatistics statistics = new QueryStatistics();
  private final Optional<QueryLog> log;
  private final Anonymity anonymity;
  private final boolean counts;
  private final TimeSource time;
  private final Thread thread;
  private volatile boolean closed;

  QueryRecorder(QueriesConfig config, Optional<QueryLog> log, TimeSource time) {
    this.log = log;
    this.anonymity = config.clients();
    this.counts = config.statistics();
    this.time = time;
    this.thread = Thread.ofPlatform().name("dns-queries").daemon(true).start(this::run);
  }

  QueryBook book() {
    return book;
  }

  private void run() {
    while (!closed) {
      read();
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException e) {
        break; // it is to end
      }
    }
  }

  private synchronized void read() {
    var wall = time.wall();
    book.read(
        anonymity,
        noted -> {
          if (counts) {
            statistics.add(wall, noted);
          }
          log.ifPresent(l -> l.add(wall, noted));
        });
    log.ifPresent(l -> l.tick(wall));
  }

  /** What is known, all that was noted so far included. */
  synchronized QueryStatistics.Snapshot snapshot() {
    read();
    return statistics.snapshot(time.wall());
  }

  /** Notes and lines that were lost. */
  synchronized long lost() {
    return book.lost() + log.map(QueryLog::lost).orElse(0L);
  }

  /** Bytes that the log has written today. */
  synchronized long today() {
    return log.map(QueryLog::today).orElse(0L);
  }

  /** Bytes of all files of the log. */
  synchronized long total() {
    return log.map(QueryLog::total).orElse(0L);
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    read();
    synchronized (this) {
      log.ifPresent(QueryLog::flush);
    }
  }
}
