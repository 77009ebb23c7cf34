package dev.islet.ftp.store;

import dev.islet.core.trace.Json;
import dev.islet.ftp.model.Transfer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;

/**
 * One line per transfer, twice: {@code xferlog} in the form that log readers have known since
 * wu-ftpd, and {@code transfers.jsonl} with everything. Each file is moved to {@code .1} when it
 * reaches 8 MiB, so that a card does not fill up.
 */
public final class TransferLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("islet.ftp");
  private static final long LARGEST = 8 << 20;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("EEE MMM dd HH:mm:ss uuuu", Locale.ENGLISH)
          .withZone(ZoneId.systemDefault());

  private final Rolling xferlog;
  private final Rolling json;
  private boolean failing;

  private TransferLog(Rolling xferlog, Rolling json) {
    this.xferlog = xferlog;
    this.json = json;
  }

  /** Opens both files in a folder, which is made if needed. */
  public static TransferLog open(Path folder) throws IOException {
    Files.createDirectories(folder);
    var xferlog = new Rolling(folder.resolve("xferlog"));
    try {
      return new TransferLog(xferlog, new Rolling(folder.resolve("transfers.jsonl")));
    } catch (IOException e) {
      xferlog.close();
      throw e;
    }
  }

  /** Adds a transfer; a full disk costs log lines, not transfers. */
  public synchronized void add(Transfer transfer) {
    try {
      xferlog.line(xferlog(transfer));
      json.line(json(transfer));
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.log(Level.WARNING, "service=ftp the transfer log cannot be written", e);
      }
      failing = true;
    }
  }

  static String xferlog(Transfer t) {
    return String.join(
        " ",
        TIME.format(t.ended()),
        Long.toString(Math.max(1, t.took().toSeconds())),
        t.peer().remote().getAddress().getHostAddress(),
        Long.toString(t.bytes()),
        t.file().replaceAll("\\s", "_"),
        t.ascii() ? "a" : "b",
        "_",
        t.incoming() ? "i" : "o",
        "r",
        t.peer().user(),
        t.peer().tls() ? "ftps" : "ftp",
        "0",
        "*",
        t.complete() ? "c" : "i");
  }

  static String json(Transfer t) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("at", t.ended().toString());
    fields.put("event", t.incoming() ? "Stored" : "Fetched");
    fields.put("user", t.peer().user());
    fields.put("address", t.peer().remote().getAddress().getHostAddress());
    fields.put("session", t.peer().session());
    fields.put("tls", t.peer().tls());
    fields.put("file", t.file());
    fields.put("bytes", t.bytes());
    fields.put("seconds", t.took().toMillis() / 1000.0);
    fields.put("ascii", t.ascii());
    fields.put("complete", t.complete());
    fields.put("reply", t.reply());
    return Json.write(fields);
  }

  @Override
  public synchronized void close() throws IOException {
    try (xferlog;
        json) {
      failing = true;
    }
  }

  /** A file that is moved aside when it has grown. */
  private static final class Rolling implements AutoCloseable {
    private final Path path;
    private OutputStream out;
    private long size;

    Rolling(Path path) throws IOException {
      this.path = path;
      this.out = open();
      this.size = Files.size(path);
    }

    private OutputStream open() throws IOException {
      return Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    void line(String text) throws IOException {
      if (size >= LARGEST) {
        out.close();
        Files.move(
            path,
            path.resolveSibling(path.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        out = open();
        size = 0;
      }
      var bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
      out.write(bytes);
      size += bytes.length;
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }
}
