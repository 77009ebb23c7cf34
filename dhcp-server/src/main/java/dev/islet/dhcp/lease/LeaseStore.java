package dev.islet.dhcp.lease;

import java.io.IOException;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Where lease records are kept. Used where the engine is called only.
 *
 * @param <R> the records: of IPv4 or of IPv6 leases
 */
public interface LeaseStore<R> extends AutoCloseable {
  /** Takes a record; it is not durable yet. */
  void append(R record);

  /**
   * Makes every record taken so far durable.
   *
   * @throws IOException if that is not certain; the records may or may not be found later
   */
  void commit() throws IOException;

  /** Replaces the file by what is worth keeping, if it has grown enough to be worth it. */
  void tidy(Supplier<Stream<R>> worthKeeping) throws IOException;

  @Override
  void close();

  /** Keeps nothing: for a server that lives in a test or a program that asked for no file. */
  static <R> LeaseStore<R> none() {
    return new LeaseStore<>() {
      @Override
      public void append(R record) {}

      @Override
      public void commit() {}

      @Override
      public void tidy(Supplier<Stream<R>> worthKeeping) {}

      @Override
      public void close() {}
    };
  }
}
