package dev.islet.voip.store;

import dev.islet.core.journal.Journal;
import dev.islet.voip.model.CallRecord;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;

/**
 * The finished calls: {@code calls.jsonl} and {@code calls.csv} among the logs, for people and
 * spreadsheets, and the latest ones in memory for the admin page.
 *
 * <p>Every record first goes into a journal among the data, flushed to the disk, and then into the
 * two files; at the next start, what a crash kept out of a file is put in from the journal, by
 * number, so no call is missing and none stands there twice. A writer thread does this, so {@link
 * #add} never waits; many calls that end together share one flush. Thread-safe.
 */
public final class CallRecords implements AutoCloseable {
  /** How many calls are kept in the journal and in memory. */
  public static final int KEPT = 1_000;

  /** How many calls wait for the disk before further ones are only counted. */
  private static final int QUEUE = 4_096;

  private static final long FILE_BYTES = 4L * 1024 * 1024;
  private static final int OLDER_FILES = 4;
  private static final Logger LOG = System.getLogger("islet.voip.calls");

  private sealed interface Work {}

  private record Add(CallRecord call) implements Work {}

  private record Flush(CountDownLatch done) implements Work {}

  private record Stop() implements Work {}

  private final ArrayBlockingQueue<Work> queue = new ArrayBlockingQueue<>(QUEUE + 16);
  private final ArrayDeque<NumberedCall> recent = new ArrayDeque<>();
  private final Journal journal;
  private final LineLog json;
  private final LineLog table;
  private final Thread writer;

  // Of the writer thread.
  private final ArrayDeque<NumberedCall> notInJson = new ArrayDeque<>();
  private final ArrayDeque<NumberedCall> notInTable = new ArrayDeque<>();
  private long number;
  private boolean failing;
  private volatile boolean closed;
  private volatile long lost;

  private CallRecords(Path data, Path logs, long fileBytes) throws IOException {
    Files.createDirectories(data);
    journal = Journal.open(data.resolve("calls.journal"), this::replay);
    try {
      json = new LineLog(logs, "calls", ".jsonl", "", fileBytes, OLDER_FILES);
      table = new LineLog(logs, "calls", ".csv", CallTable.head(), fileBytes, OLDER_FILES);
      catchUp();
    } catch (IOException | RuntimeException e) {
      journal.close();
      throw e;
    }
    writer = Thread.ofPlatform().name("voip-calls").unstarted(this::run);
  }

  /**
   * Opens the records and repairs what a crash left unfinished.
   *
   * @param data where the journal lies; made if missing
   * @param logs where the files for people lie; made if missing
   */
  public static CallRecords open(Path data, Path logs) throws IOException {
    return open(data, logs, FILE_BYTES);
  }

  static CallRecords open(Path data, Path logs, long fileBytes) throws IOException {
    var records = new CallRecords(data, logs, fileBytes);
    records.writer.start();
    return records;
  }

  private void replay(ByteBuffer record) {
    var bytes = new byte[record.remaining()];
    record.get(bytes);
    try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      var call = CallRecordCodec.decode(in);
      number = Math.max(number, call.number());
      remember(call);
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.WARNING, "a call record in the journal is skipped reason=\"" + e + "\"");
    }
  }

  /** Puts into the files what the journal has and they lack. */
  private void catchUp() throws IOException {
    long inJson = json.lastNumber(CallRecords::jsonNumber).orElse(0);
    long inTable = table.lastNumber(CallRecords::rowNumber).orElse(0);
    // A lost journal must not make numbers start anew in files that go on.
    number = Math.max(number, Math.max(inJson, inTable));
    for (var call : recent) {
      if (call.number() > inJson) {
        json.append(CallTable.json(call));
      }
      if (call.number() > inTable) {
        table.append(CallTable.row(call));
      }
    }
  }

  private static OptionalLong jsonNumber(String line) {
    var prefix = "{\"number\":";
    int comma = line.indexOf(',');
    return line.startsWith(prefix) && comma > 0
        ? digits(line.substring(prefix.length(), comma))
        : OptionalLong.empty();
  }

  private static OptionalLong rowNumber(String line) {
    int comma = line.indexOf(',');
    return comma > 0 ? digits(line.substring(0, comma)) : OptionalLong.empty();
  }

  private static OptionalLong digits(String text) {
    boolean number =
        !text.isEmpty() && text.length() < 19 && text.chars().allMatch(Character::isDigit);
    return number ? OptionalLong.of(Long.parseLong(text)) : OptionalLong.empty();
  }

  /**
   * Hands over a finished call; returns at once. If the disk is so slow that thousands wait, the
   * record is dropped and counted in {@link #lost}.
   */
  public void add(CallRecord call) {
    if (closed || queue.size() >= QUEUE || !queue.offer(new Add(call))) {
      lose(1);
    }
  }

  /** Waits until everything added before is on the disk. */
  public void flush() throws InterruptedException {
    if (!closed) {
      var done = new CountDownLatch(1);
      queue.put(new Flush(done));
      done.await();
    }
  }

  /** The latest finished calls, newest first, at most {@link #KEPT}. */
  public List<NumberedCall> recent() {
    synchronized (recent) {
      return new ArrayList<>(recent).reversed();
    }
  }

  /** Records that were given up, because the disk was full or too slow for long. */
  public long lost() {
    return lost;
  }

  private synchronized void lose(int calls) {
    lost += calls;
  }

  private void remember(NumberedCall call) {
    synchronized (recent) {
      if (recent.size() == KEPT) {
        recent.poll();
      }
      recent.add(call);
    }
  }

  private void run() {
    var batch = new ArrayList<Work>();
    boolean stop = false;
    while (!stop) {
      batch.clear();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        return; // nobody interrupts it but a JVM that is going down
      }
      queue.drainTo(batch);
      var calls = new ArrayList<NumberedCall>();
      for (var work : batch) {
        switch (work) {
          case Add(var call) -> calls.add(new NumberedCall(++number, call));
          case Flush _ -> {}
          case Stop _ -> stop = true;
        }
      }
      if (!calls.isEmpty()) {
        write(calls);
      }
      for (var work : batch) {
        if (work instanceof Flush(var done)) {
          done.countDown();
        }
      }
    }
  }

  /** What a full disk keeps out stays in the two queues, in order, and is tried with the next. */
  private void write(List<NumberedCall> calls) {
    calls.forEach(this::remember);
    try {
      for (var call : calls) {
        journal.append(CallRecordCodec.encode(call.number(), call.call()));
        waitForFile(notInJson, call);
        waitForFile(notInTable, call);
      }
      journal.commit();
      while (notInJson.peek() instanceof NumberedCall call) {
        json.append(CallTable.json(call));
        notInJson.poll();
      }
      while (notInTable.peek() instanceof NumberedCall call) {
        table.append(CallTable.row(call));
        notInTable.poll();
      }
      if (journal.records() >= 2 * KEPT) {
        compact();
      }
      failing = false;
    } catch (IOException | RuntimeException e) {
      if (!failing) {
        failing = true; // once a failure, not once a call
        LOG.log(Level.WARNING, "call records cannot be written calls=" + calls.size(), e);
      }
    }
  }

  private void waitForFile(ArrayDeque<NumberedCall> file, NumberedCall call) {
    if (file.size() == QUEUE) {
      file.poll();
      lose(1);
    }
    file.add(call);
  }

  /** Forgets old calls in the journal once the files surely have them. */
  private void compact() throws IOException {
    json.force();
    table.force();
    var keep = recent().reversed();
    journal.compact(
        sink -> keep.forEach(c -> sink.accept(CallRecordCodec.encode(c.number(), c.call()))));
  }

  /** Writes what waits, then closes the files; may be repeated. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      queue.put(new Stop());
      writer.join();
      json.close();
      table.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.log(Level.WARNING, "closing the call records failed", e);
    } finally {
      journal.close();
    }
  }
}
