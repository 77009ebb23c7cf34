package dev.islet.ftp.dialog;

import dev.islet.ftp.model.Entry;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.VirtualPath;
import dev.islet.ftp.wire.Listing;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Listings over the data connection: LIST and NLST (RFC 959), MLSD (RFC 3659 section 7). */
final class Listings {
  /** What a line looks like. */
  enum Form {
    UNIX,
    NAMES,
    FACTS
  }

  /**
   * What is to be listed.
   *
   * @param pattern which names, with {@code *} and {@code ?}; empty for all
   * @param single whether it is one file
   */
  private record Wish(VirtualPath at, String pattern, boolean single, String prefix) {}

  private Listings() {}

  static void list(Dialog d, String argument, Form form) throws IOException {
    d.restart = 0;
    if (!Transfers.ready(d)) {
      return;
    }
    Wish wish;
    try {
      // MLSD has no options: a name may begin with a hyphen there.
      wish = wish(d, form == Form.FACTS ? argument : Transfers.withoutOptions(argument), form);
      probe(d, wish);
    } catch (IOException e) {
      d.hands.drop();
      if (e instanceof FileRefused refused
          && form == Form.FACTS
          && refused.reason() == FileRefused.Reason.KIND) {
        d.reply(501, "MLSD is for folders; use MLST."); // RFC 3659 section 7.2.1
        return;
      }
      throw e;
    }
    int code =
        Transfers.run(
            d,
            "LIST " + wish.at(),
            "Here comes the list.",
            transfer -> {
              long entries = write(d, wish, form, transfer);
              transfer.link.finish();
              d.tell(new FtpEvent.Listed(d.peer(), wish.at().toString(), entries));
              return "End of the list.";
            });
    if (code != 226) {
      d.restart = 0;
    }
  }

  private static Wish wish(Dialog d, String argument, Form form) throws IOException {
    if (argument.isEmpty()) {
      return new Wish(d.folder, "", false, "");
    }
    var path = d.path(argument);
    var name = path.name().orElse("");
    int slash = argument.lastIndexOf('/');
    try {
      boolean folder = d.view().stat(path).folder();
      if (!folder && form == Form.FACTS) {
        throw new FileRefused(FileRefused.Reason.KIND, "it is a file");
      }
      return folder
          ? new Wish(path, "", false, argument.endsWith("/") ? argument : argument + "/")
          : new Wish(path, "", true, argument.substring(0, slash + 1));
    } catch (FileRefused e) {
      boolean pattern = name.indexOf('*') >= 0 || name.indexOf('?') >= 0;
      if (e.reason() != FileRefused.Reason.MISSING || !pattern || form == Form.FACTS) {
        throw e;
      }
      return new Wish(path.parent(), name, false, argument.substring(0, slash + 1));
    }
  }

  /** Fails now rather than behind reply 150. */
  private static void probe(Dialog d, Wish wish) throws IOException {
    if (!d.account().rights().contains(dev.islet.ftp.model.Right.LIST)) {
      throw new FileRefused(FileRefused.Reason.DENIED, "this account may not list");
    }
    d.view().stat(wish.at());
  }

  private static long write(Dialog d, Wish wish, Form form, Dialog.Running transfer)
      throws IOException {
    var out = new BufferedOutputStream(transfer.link.out(), Text.BUFFER);
    var count = new long[1];
    try {
      if (wish.single()) {
        line(d, d.view().stat(wish.at()), wish, form, transfer, out);
        count[0]++;
      } else {
        d.view()
            .list(
                wish.at(),
                entry -> {
                  if (wish.pattern().isEmpty() || matches(wish.pattern(), entry.name())) {
                    line(d, entry, wish, form, transfer, out);
                    count[0]++;
                  }
                });
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    out.flush();
    return count[0];
  }

  private static void line(
      Dialog d, Entry entry, Wish wish, Form form, Dialog.Running transfer, OutputStream out) {
    var text =
        switch (form) {
          case UNIX -> Listing.unix(entry, d.policy.time().wall());
          case NAMES -> wish.prefix() + entry.name();
          case FACTS -> Listing.facts(entry, d.facts, d.account().rights());
        };
    var bytes = (text + "\r\n").getBytes(StandardCharsets.UTF_8);
    try {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    transfer.bytes.addAndGet(bytes.length);
  }

  /** Whether a name fits a pattern; goes back to the last star only, so it is never slow. */
  static boolean matches(String pattern, String name) {
    int p = 0;
    int n = 0;
    int star = -1;
    int mark = 0;
    while (n < name.length()) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        mark = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++mark;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
