package dev.islet.ftp.dialog;

import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.view.VirtualPath;
import dev.islet.ftp.wire.Listing;
import dev.islet.ftp.wire.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Folders and names: RFC 959 section 4.1.3, RFC 3659 sections 3, 4 and 7. */
final class Files {
  private Files() {}

  static void add(Map<String, Verbs.Verb> table) {
    for (var name : List.of("CWD", "XCWD")) {
      Verbs.user(table, name, Files::enter);
    }
    for (var name : List.of("CDUP", "XCUP")) {
      Verbs.user(table, name, (d, a) -> enter(d, ".."));
    }
    for (var name : List.of("PWD", "XPWD")) {
      Verbs.user(table, name, (d, a) -> d.reply(257, quoted(d.folder) + " is where you are."));
    }
    for (var name : List.of("MKD", "XMKD")) {
      Verbs.user(table, name, Files::make);
    }
    for (var name : List.of("RMD", "XRMD")) {
      Verbs.user(
          table,
          name,
          (d, a) -> {
            var path = d.path(a);
            d.view().removeFolder(path);
            changed(d, "removed", path);
            d.reply(250, "The folder is gone.");
          });
    }
    Verbs.user(
        table,
        "DELE",
        (d, a) -> {
          var path = d.path(a);
          d.view().remove(path);
          changed(d, "removed", path);
          d.reply(250, "The file is gone.");
        });
    Verbs.user(table, "RNFR", Files::renameFrom);
    Verbs.user(table, "RNTO", Files::renameTo);
    Verbs.user(table, "SIZE", Files::size);
    Verbs.user(table, "MDTM", Files::modified);
    Verbs.user(table, "MFMT", Files::touch);
    Verbs.user(table, "MLST", Files::facts);
  }

  private static void changed(Dialog d, String what, VirtualPath path) {
    d.tell(new FtpEvent.Changed(d.peer(), what, path.toString()));
  }

  /** Quotation marks in a name are doubled (RFC 959 appendix II). */
  static String quoted(VirtualPath path) {
    return "\"" + path.toString().replace("\"", "\"\"") + "\"";
  }

  private static void enter(Dialog d, String argument) throws IOException {
    var path = d.path(argument);
    if (!d.view().stat(path).folder()) {
      throw new FileRefused(FileRefused.Reason.KIND, "it is a file");
    }
    d.folder = path;
    d.reply(250, quoted(path) + " is where you are.");
  }

  private static void make(Dialog d, String argument) throws IOException {
    var path = d.path(argument);
    d.view().makeFolder(path);
    changed(d, "made", path);
    d.reply(257, quoted(path) + " is made.");
  }

  private static void renameFrom(Dialog d, String argument) throws IOException {
    var path = d.path(argument);
    d.view().stat(path);
    d.renaming = Optional.of(path);
    d.reply(350, "And the new name?");
  }

  private static void renameTo(Dialog d, String argument) throws IOException {
    if (d.renaming.isEmpty()) {
      d.reply(503, "RNFR comes first.");
      return;
    }
    var from = d.renaming.get();
    d.renaming = Optional.empty();
    var to = d.path(argument);
    d.view().rename(from, to);
    changed(d, "renamed " + from + " to", to);
    d.reply(250, "Renamed.");
  }

  /**
   * Of an upload that was broken off, the number of bytes that came is told as long as there is no
   * file of the name: clients ask SIZE for where to go on. It can be neither listed nor fetched.
   */
  private static void size(Dialog d, String argument) throws IOException {
    if (d.type == Dialog.Type.ASCII) {
      d.reply(550, "The size on the way is not known in TYPE A; use TYPE I.");
      return;
    }
    var path = d.path(argument);
    long size;
    try {
      var entry = d.view().stat(path);
      if (entry.folder()) {
        throw new FileRefused(FileRefused.Reason.KIND, "it is a folder");
      }
      size = entry.size();
    } catch (FileRefused e) {
      size = e.reason() == FileRefused.Reason.MISSING ? d.view().unfinished(path) : 0;
      if (size == 0) {
        throw e;
      }
    }
    d.reply(213, Long.toString(size));
  }

  private static void modified(Dialog d, String argument) throws IOException {
    var entry = d.view().stat(d.path(argument));
    if (entry.folder()) {
      throw new FileRefused(FileRefused.Reason.KIND, "it is a folder");
    }
    d.reply(213, Listing.timeVal(entry.modified()));
  }

  private static void touch(Dialog d, String argument) throws IOException {
    var words = argument.split(" ", 2);
    var time = Listing.parseTimeVal(words[0]);
    if (words.length < 2 || time.isEmpty()) {
      d.reply(501, "MFMT needs YYYYMMDDhhmmss and a path.");
      return;
    }
    var path = d.path(words[1]);
    d.view().touch(path, time.get());
    changed(d, "set the time of", path);
    d.reply(213, "Modify=" + Listing.timeVal(time.get()) + "; " + path);
  }

  /** One space before the facts, one line, no data connection (RFC 3659 section 7.2). */
  private static void facts(Dialog d, String argument) throws IOException {
    var path = argument.isEmpty() ? d.folder : d.path(argument);
    var entry = d.view().stat(path).named(path.toString());
    d.reply(
        new Reply(
            250,
            List.of(
                "About " + path + ":",
                " " + Listing.facts(entry, d.facts, d.account().rights()),
                "End")));
  }
}
