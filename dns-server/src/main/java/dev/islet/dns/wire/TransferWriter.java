package dev.islet.dns.wire;

import dev.islet.dns.model.Request;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Record;

/**
 * Makes the messages of a zone transfer, one when it is asked for (RFC 5936 section 2.2): as many
 * records in each as compression still pays for, the question in the first, every one signed if the
 * request was.
 */
public final class TransferWriter implements Iterator<byte[]> {
  /** Pointers reach no farther than this, so that larger messages would not save anything. */
  private static final int STREAM_SIZE = 16_384;

  private static final int MAX_SIZE = 65_535;

  /** The longest key name and algorithm, a SHA-512 MAC, and the fixed fields. */
  private static final int TSIG_ROOM = 255 + 14 + 64 + 26;

  private static final int OPT_ROOM = 11;

  private final Request request;
  private final Iterator<Record> records;
  private final @Nullable TsigStream signer;
  private final Supplier<Instant> wall;
  private @Nullable Record pending;
  private boolean first = true;
  private int written;

  /**
   * @param records in the order of the transfer
   * @param signature of the request, if it had one
   */
  public TransferWriter(
      Request request,
      Iterator<Record> records,
      Optional<Tsig.Verdict.Good> signature,
      Supplier<Instant> wall) {
    this.request = request;
    this.records = records;
    this.signer = signature.map(TsigStream::answering).orElse(null);
    this.wall = wall;
  }

  @Override
  public boolean hasNext() {
    return first || pending != null || records.hasNext();
  }

  /** How many records the messages so far hold. */
  public int written() {
    return written;
  }

  /**
   * The next message.
   *
   * @throws IllegalStateException if a record fits into no message at all
   */
  @Override
  public byte[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the transfer is over");
    }
    int reserved = (signer == null ? 0 : TSIG_ROOM) + (request.edns().isPresent() ? OPT_ROOM : 0);
    int size = request.tcp() ? STREAM_SIZE : ResponseWriter.limit(request);
    var page = filled(size - reserved);
    if (page == null && request.tcp()) {
      page = filled(MAX_SIZE - reserved);
    }
    if (page == null) {
      throw new IllegalStateException("a record is too long for a message: " + pending);
    }
    if (first && request.edns().isPresent()) {
      page.opt(0, request.dnssecOk(), new byte[0], false); // RFC 5936 section 2.2.5
    }
    first = false;
    var message = page.finish(request.id(), 0x8400 | request.flags() & 0x0100);
    return signer == null ? message : signer.sign(message, wall.get());
  }

  /** A page with all records that fit; null if not even one does. */
  private ResponseWriter.@Nullable Page filled(int limit) {
    var page = new ResponseWriter.Page(limit);
    if (first) {
      page.question(request);
    }
    int count = 0;
    while (pending != null || records.hasNext()) {
      if (pending == null) {
        pending = records.next();
      }
      if (!page.one(1, pending)) {
        if (count == 0) {
          return null;
        }
        break;
      }
      pending = null;
      count++;
      if (limit > STREAM_SIZE) {
        break; // a long record has its message for itself
      }
    }
    written += count;
    return page;
  }
}
