package dev.islet.ftp.dialog;

import dev.islet.ftp.model.TlsMode;
import dev.islet.ftp.view.FileRefused;
import dev.islet.ftp.wire.Listing;
import dev.islet.ftp.wire.Reply;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How to transfer, what is on offer, and how things stand: RFC 959, RFC 2389, RFC 3659. */
final class Settings {
  private Settings() {}

  static void add(Map<String, Verbs.Verb> table) {
    Verbs.user(table, "TYPE", Settings::type);
    Verbs.user(
        table, "STRU", (d, a) -> only(d, a, "F", 200, "Files are streams of bytes.", "STRU"));
    Verbs.user(table, "MODE", (d, a) -> only(d, a, "S", 200, "Data is sent as a stream.", "MODE"));
    Verbs.user(table, "REST", Settings::rest);
    Verbs.user(table, "ALLO", (d, a) -> d.reply(202, "No room need be reserved."));
    Verbs.user(table, "SMNT", (d, a) -> d.reply(502, "There is nothing to mount."));
    Verbs.any(table, "ABOR", (d, a) -> abor(d));
    Verbs.any(table, "NOOP", (d, a) -> d.reply(200, "Here."));
    Verbs.any(table, "SYST", (d, a) -> d.reply(215, "UNIX Type: L8"));
    Verbs.any(table, "FEAT", (d, a) -> d.reply(features(d)));
    Verbs.any(table, "OPTS", Settings::opts);
    Verbs.any(table, "HELP", Settings::help);
    Verbs.any(table, "STAT", Settings::stat);
    Verbs.any(table, "CLNT", (d, a) -> d.reply(200, "Noted."));
    Verbs.user(table, "SITE", (d, a) -> d.reply(504, "No SITE command is known."));
  }

  private static void type(Dialog d, String type) {
    switch (type.strip().toUpperCase(Locale.ROOT)) {
      case "I", "L 8", "L8" -> {
        d.type = Dialog.Type.IMAGE;
        d.reply(200, "Bytes are sent as they are.");
      }
      case "A", "A N", "AN" -> {
        d.type = Dialog.Type.ASCII;
        d.reply(200, "Text: lines end with CR LF on the way.");
      }
      case "" -> d.reply(501, "TYPE needs A or I.");
      default -> d.reply(504, "The types are A and I.");
    }
  }

  private static void only(
      Dialog d, String argument, String allowed, int code, String text, String verb) {
    var asked = argument.strip().toUpperCase(Locale.ROOT);
    if (asked.equals(allowed)) {
      d.reply(code, text);
    } else if (asked.isEmpty()) {
      d.reply(501, verb + " needs " + allowed + ".");
    } else {
      d.reply(504, "Only " + verb + " " + allowed + " is known.");
    }
  }

  /**
   * The point stays until a transfer uses it. RFC 3659 section 5.3 wants REST right before the
   * transfer, and clients send PASV in between as often as before.
   */
  private static void rest(Dialog d, String offset) {
    if (!offset.strip().matches("\\d{1,18}")) {
      d.reply(501, "REST needs a number of bytes.");
      return;
    }
    d.restart = Long.parseLong(offset.strip());
    d.reply(350, "The next transfer begins at byte " + d.restart + ".");
  }

  /** A transfer under way was broken off when ABOR came in; it has sent its 426 before this. */
  private static void abor(Dialog d) {
    boolean prepared = d.hands.prepared() || d.unprepared;
    d.unprepared = false;
    d.hands.drop();
    d.restart = 0;
    d.reply(
        prepared ? 225 : 226, prepared ? "Data connection closed." : "Nothing is under way now.");
  }

  static Reply features(Dialog d) {
    var lines = new ArrayList<String>();
    lines.add("Features:");
    if (d.policy.tls() != TlsMode.OFF) {
      lines.add("AUTH TLS");
    }
    for (var verb : List.of("CLNT", "EPRT", "EPSV", "MDTM", "MFMT")) {
      if (Verbs.ALL.containsKey(verb)) {
        lines.add(verb);
      }
    }
    lines.add(Listing.feature(d.facts));
    if (d.policy.tls() != TlsMode.OFF) {
      lines.add("PBSZ");
      lines.add("PROT");
    }
    lines.add("REST STREAM");
    lines.add("SIZE");
    lines.add("TVFS");
    lines.add("UTF8");
    lines.add("End");
    return new Reply(211, lines);
  }

  private static void opts(Dialog d, String argument) {
    var words = argument.strip().split("\\s+", 2);
    var rest = words.length > 1 ? words[1] : "";
    switch (words[0].toUpperCase(Locale.ROOT)) {
      case "UTF8", "UTF-8" -> {
        if (rest.equalsIgnoreCase("OFF")) {
          d.reply(504, "Names are always UTF-8 (RFC 2640).");
        } else {
          d.reply(200, "Names are always UTF-8.");
        }
      }
      case "MLST" -> {
        d.facts = Listing.chosen(rest);
        var told = new StringBuilder("MLST OPTS");
        for (var fact : d.facts) {
          told.append(told.length() == 9 ? " " : "").append(fact.token()).append(';');
        }
        d.reply(200, told.toString());
      }
      case "" -> d.reply(501, "OPTS needs the name of a feature.");
      default -> d.reply(501, "No options are known for that.");
    }
  }

  private static void help(Dialog d, String argument) {
    var verb = argument.strip().toUpperCase(Locale.ROOT);
    if (!verb.isEmpty()) {
      boolean known = Verbs.ALL.containsKey(verb);
      d.reply(known ? 214 : 502, known ? verb + " is understood." : "No such command.");
      return;
    }
    var lines = new ArrayList<String>();
    lines.add("Commands:");
    var line = new StringBuilder();
    for (var name : Verbs.ALL.keySet()) {
      line.append(' ').append(name);
      if (line.length() > 60) {
        lines.add(line.toString());
        line.setLength(0);
      }
    }
    lines.add(line.toString());
    lines.add("End.");
    d.reply(new Reply(214, lines));
  }

  private static void stat(Dialog d, String argument) throws IOException {
    if (argument.isEmpty()) {
      d.reply(new Reply(211, d.status()));
      return;
    }
    if (!d.loggedIn()) {
      d.reply(530, "Log in with USER and PASS first.");
      return;
    }
    var path = d.path(Transfers.withoutOptions(argument));
    var entry = d.view().stat(path);
    var lines = new ArrayList<String>();
    lines.add("Status of " + path + ":");
    if (entry.folder()) {
      var now = d.policy.time().wall();
      d.view()
          .list(
              path,
              each -> {
                if (lines.size() < 2000) {
                  lines.add(Listing.unix(each, now));
                }
              });
      if (lines.size() >= 2000) {
        throw new FileRefused(
            FileRefused.Reason.DENIED, "the folder is too long for STAT; use LIST");
      }
    } else {
      lines.add(Listing.unix(entry, d.policy.time().wall()));
    }
    lines.add("End.");
    d.reply(new Reply(entry.folder() ? 212 : 213, lines));
  }
}
