package dev.islet.dhcp.lease;

import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where lease records are kept. Used from the engine's thread only. */
public interface LeaseStore extends AutoCloseable {
  /** Takes a record; it is not durable yet. */
  void append(LeaseRecord record);

  /**
   * Makes every record taken so far durable.
   *
   * @throws IOException if that is not certain; the records may or may not be found later
   */
  void commit() throws IOException;

  /** Replaces the file by what is worth keeping, if it has grown enough to be worth it. */
  void tidy(Supplier<Stream<LeaseRecord>> worthKeeping) throws IOException;

  @Override
  void close();

  /** Keeps nothing: for a server that lives in a test or a program that asked for no file. */
  static LeaseStore none() {
    return new LeaseStore() {
      @Override
      public void append(LeaseRecord record) {}

      @Override
      public void commit() {}

      @Override
      public void tidy(Supplier<Stream<LeaseRecord>> worthKeeping) {}

      @Override
      public void close() {}
    };
  }
}
