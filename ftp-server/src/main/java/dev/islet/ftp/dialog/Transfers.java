package dev.islet.ftp.dialog;

import dev.islet.ftp.model.Entry;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.Transfer;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.FileView.Start;
import dev.islet.ftp.view.FileView.Upload;
import dev.islet.ftp.view.VirtualPath;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Map;

/**
 * Files over data connections: RFC 959 section 4.1.3, RFC 3659 sections 5 and 7.
 *
 * <p>The order of each: look at the file, get the data connection, say 150, put TLS on the data
 * connection, copy, say 226. What can be refused is refused before the client sends or gets a byte.
 */
final class Transfers {
  private static final Duration MOST_PATIENCE = Duration.ofMillis(200);

  private Transfers() {}

  static void add(Map<String, Verbs.Verb> table) {
    Verbs.user(table, "RETR", Transfers::fetch);
    Verbs.user(table, "STOR", (d, a) -> store(d, a, false));
    Verbs.user(table, "APPE", (d, a) -> store(d, a, true));
    Verbs.user(table, "STOU", Transfers::storeUnique);
    Verbs.user(table, "LIST", (d, a) -> Listings.list(d, a, Listings.Form.UNIX));
    Verbs.user(table, "NLST", (d, a) -> Listings.list(d, a, Listings.Form.NAMES));
    Verbs.user(table, "MLSD", (d, a) -> Listings.list(d, a, Listings.Form.FACTS));
  }

  /** What is done with an established data connection; returns the text of reply 226. */
  @FunctionalInterface
  interface Work {
    String over(Dialog.Running running) throws IOException;
  }

  /** Whether a data connection can be had; replies if not. */
  static boolean ready(Dialog d) {
    if (!d.hands.prepared()) {
      d.reply(425, "PASV, EPSV, PORT or EPRT comes first.");
      return false;
    }
    if (d.tlsRequired() && !d.protectData) {
      d.hands.drop();
      d.reply(521, "Data must be protected here: send PBSZ 0 and PROT P.");
      return false;
    }
    return true;
  }

  /**
   * Gets the data connection, does the work over it and replies; what was prepared is used up.
   *
   * @return the code of the final reply
   */
  static int run(Dialog d, String what, String opening, Work work) {
    Hands.DataLink link;
    try {
      link = d.hands.connect();
    } catch (Hands.DataFailure e) {
      d.hands.drop();
      d.reply(425, Dialog.sentence(String.valueOf(e.getMessage())));
      return 425;
    }
    var running = d.begin(what, link);
    int code;
    String text;
    try (link) {
      d.reply(150, opening);
      if (d.protectData) {
        try {
          link.protect();
        } catch (IOException e) {
          throw new TlsFailed(e);
        }
      }
      text = work.over(running);
      code = 226;
    } catch (FileRefused e) {
      code = Dialog.code(e.reason());
      text = Dialog.sentence(String.valueOf(e.getMessage()));
    } catch (TlsFailed e) {
      code = running.aborted ? 426 : 522;
      text = "No TLS on the data connection: " + e.getMessage() + ".";
    } catch (IOException e) {
      code = 426;
      text =
          running.aborted
              ? "Transfer aborted."
              : "The data connection broke: " + e.getMessage() + ".";
    } finally {
      d.finished();
      d.hands.drop();
    }
    if (code != 226) {
      d.tell(new FtpEvent.Broken(d.peer(), what, running.bytes(), text));
    }
    d.reply(code, text);
    return code;
  }

  private static final class TlsFailed extends IOException {
    private static final long serialVersionUID = 1;

    TlsFailed(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  private static boolean restartInText(Dialog d, long from) {
    boolean refused = from > 0 && d.type == Dialog.Type.ASCII;
    if (refused) {
      d.hands.drop();
      d.reply(554, "A restart point needs TYPE I.");
    }
    return refused;
  }

  private static void fetch(Dialog d, String argument) throws IOException {
    long from = d.takeRestart();
    var path = d.path(argument);
    if (restartInText(d, from) || !ready(d)) {
      return;
    }
    long began = d.policy.time().now();
    try (var in = opened(d, path, from)) {
      var running = new long[1];
      int code =
          run(
              d,
              "RETR " + path,
              "Here it comes.",
              transfer -> {
                try {
                  send(d, in, transfer);
                } finally {
                  running[0] = transfer.bytes();
                }
                return "All of it sent.";
              });
      log(d, path, false, running[0], began, code);
      if (code == 226) {
        d.tell(new FtpEvent.Fetched(d.peer(), path.toString(), running[0]));
      }
    }
  }

  private static InputStream opened(Dialog d, VirtualPath path, long from) throws IOException {
    try {
      return d.view().read(path, from);
    } catch (IOException e) {
      d.hands.drop();
      throw e;
    }
  }

  private static void send(Dialog d, InputStream in, Dialog.Running transfer) throws IOException {
    var out = transfer.link.out();
    var buffer = new byte[Text.BUFFER];
    var text = d.type == Dialog.Type.ASCII ? new Text.ToNetwork() : null;
    for (int n; (n = in.read(buffer)) >= 0; ) {
      if (text == null) {
        out.write(buffer, 0, n);
        transfer.bytes.addAndGet(n);
      } else {
        transfer.bytes.addAndGet(text.write(buffer, n, out));
      }
    }
    transfer.link.finish();
  }

  private static void store(Dialog d, String argument, boolean append) throws IOException {
    long from = d.takeRestart();
    var path = d.path(argument);
    if (!append && restartInText(d, from) || !ready(d)) {
      return;
    }
    Upload upload;
    try {
      upload =
          d.view()
              .write(
                  path,
                  append ? new Start.AtEnd() : from > 0 ? new Start.Keep(from) : new Start.Fresh());
    } catch (IOException e) {
      d.hands.drop();
      throw e;
    }
    receive(d, path, upload, "Send it.");
  }

  private static void receive(Dialog d, VirtualPath path, Upload upload, String opening)
      throws IOException {
    long began = d.policy.time().now();
    try (upload) {
      var bytes = new long[1];
      int code =
          run(
              d,
              "STOR " + path,
              opening,
              transfer -> {
                try {
                  take(d, upload, transfer);
                } finally {
                  bytes[0] = transfer.bytes();
                }
                return "Stored.";
              });
      log(d, path, true, bytes[0], began, code);
      if (code == 226) {
        d.tell(new FtpEvent.Stored(d.peer(), path.toString(), bytes[0]));
      }
    }
  }

  /**
   * The end of the data connection is the end of the file, and also what is seen of a client that
   * died. TLS tells one from the other by itself (RFC 4217 section 9). In the clear the control
   * connection does, whose end may come a little later than that of the data connection: only a
   * file whose sender is still there gets its name.
   */
  private static void take(Dialog d, Upload upload, Dialog.Running transfer) throws IOException {
    long began = d.policy.time().now();
    var in = transfer.link.in();
    var buffer = new byte[Text.BUFFER];
    var text = d.type == Dialog.Type.ASCII ? new Text.FromNetwork() : null;
    for (int n; (n = in.read(buffer)) >= 0; ) {
      transfer.bytes.addAndGet(n);
      if (text != null) {
        n = text.convert(buffer, n, upload);
      }
      upload.write(buffer, 0, n);
    }
    if (text != null) {
      text.end(upload);
    }
    transfer.link.finish();
    var patience =
        d.protectData ? Duration.ZERO : patience(Duration.ofNanos(d.policy.time().now() - began));
    if (transfer.aborted || !d.hands.present(patience)) {
      transfer.aborted = true;
      throw new IOException("the control connection has gone");
    }
    upload.finish();
  }

  /** The longer a file took, the more there is to lose, and the less is a wait felt. */
  private static Duration patience(Duration transfer) {
    var part = transfer.dividedBy(50);
    return part.compareTo(MOST_PATIENCE) < 0 ? part : MOST_PATIENCE;
  }

  private static void storeUnique(Dialog d, String argument) throws IOException {
    d.takeRestart();
    if (!ready(d)) {
      return;
    }
    var wanted = d.path(argument.isBlank() ? "upload" : argument.strip());
    var name = wanted.name().orElse("upload");
    for (int i = 0; i < 1000; i++) {
      var path = i == 0 ? wanted : wanted.parent().child(name + "." + i);
      if (free(d, path)) {
        Upload upload;
        try {
          upload = d.view().write(path, new Start.Fresh());
        } catch (FileRefused e) {
          if (e.reason() == FileRefused.Reason.BUSY) {
            continue;
          }
          d.hands.drop();
          throw e;
        }
        // The form that RFC 1123 section 4.1.2.9 asks for.
        receive(d, path, upload, "FILE: " + path.name().orElse(name));
        return;
      }
    }
    d.hands.drop();
    throw new FileRefused(FileRefused.Reason.EXISTS, "no free name was found");
  }

  private static boolean free(Dialog d, VirtualPath path) throws IOException {
    try {
      Entry there = d.view().stat(path);
      return there.name().isEmpty();
    } catch (FileRefused e) {
      if (e.reason() == FileRefused.Reason.MISSING) {
        return d.view().unfinished(path) == 0;
      }
      throw e;
    }
  }

  private static void log(
      Dialog d, VirtualPath path, boolean incoming, long bytes, long began, int code) {
    if (code == 425) {
      return; // nothing was transferred
    }
    var time = d.policy.time();
    d.policy
        .transfers()
        .accept(
            new Transfer(
                d.peer(),
                path.toString(),
                incoming,
                bytes,
                time.wall(),
                Duration.ofNanos(time.now() - began),
                d.type == Dialog.Type.ASCII,
                code == 226,
                code));
  }

  /** Leaves out what looks like options of {@code ls}, which clients like to send. */
  static String withoutOptions(String argument) {
    var rest = argument;
    while (rest.startsWith("-")) {
      int space = rest.indexOf(' ');
      rest = space < 0 ? "" : rest.substring(space + 1);
    }
    return rest;
  }
}
