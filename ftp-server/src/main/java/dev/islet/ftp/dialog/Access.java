package dev.islet.ftp.dialog;

import dev.islet.ftp.account.Account;
import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.model.TlsMode;
import dev.islet.ftp.view.RightsView;
import dev.islet.ftp.wire.Reply;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/** Who you are, and who may listen: RFC 959 section 4.1.1, RFC 2228, RFC 4217. */
final class Access {
  private Access() {}

  static void add(Map<String, Verbs.Verb> table) {
    Verbs.any(table, "USER", Access::user);
    Verbs.any(table, "PASS", Access::pass);
    Verbs.any(table, "ACCT", (d, a) -> d.reply(202, "No account is needed."));
    Verbs.any(
        table,
        "REIN",
        (d, a) -> {
          d.logout();
          d.reply(220, "Ready for another user.");
        });
    Verbs.any(
        table,
        "QUIT",
        (d, a) -> {
          d.reply(221, "Goodbye.");
          d.hands.end();
        });
    Verbs.any(table, "AUTH", Access::auth);
    Verbs.any(table, "PBSZ", Access::pbsz);
    Verbs.any(table, "PROT", Access::prot);
    Verbs.any(table, "CCC", (d, a) -> d.reply(533, "The control connection stays protected."));
  }

  private static void user(Dialog d, String name) {
    if (name.isEmpty()) {
      d.reply(501, "USER needs a name.");
    } else if (d.tlsRequired() && !d.hands.secure()) {
      d.tell(new FtpEvent.LoginRefused(d.peer(), cut(name), FtpEvent.Why.NO_TLS));
      d.reply(530, "TLS is required here: send AUTH TLS first.");
    } else {
      if (d.loggedIn()) {
        d.logout();
      }
      d.name = name;
      d.named = true;
      // Whether the name exists is not told (RFC 2577 section 7).
      d.reply(331, "Password, please.");
    }
  }

  private static void pass(Dialog d, String password) throws IOException, InterruptedException {
    if (d.tlsRequired() && !d.hands.secure()) {
      d.reply(530, "TLS is required here: send AUTH TLS first.");
      return;
    }
    if (!d.named) {
      d.reply(503, "USER comes first.");
      return;
    }
    d.named = false;
    var policy = d.policy;
    long wait = policy.backOff().wait(d.client(), policy.time().now());
    if (wait > 0) {
      refuse(
          d,
          FtpEvent.Why.BACK_OFF,
          "Too many failed logins from your address: wait "
              + (wait / 1_000_000_000 + 1)
              + " seconds.");
      return;
    }
    boolean plausible = d.name.length() <= Account.LONGEST_NAME && password.length() <= 1024;
    var account =
        policy.verifier().check(policy.accounts(), plausible ? d.name : "", cutPassword(password));
    if (account.isEmpty() || !plausible) {
      policy.backOff().failed(d.client(), policy.time().now());
      refuse(d, FtpEvent.Why.CREDENTIALS, "Name or password is wrong.");
      return;
    }
    policy.backOff().succeeded(d.client());
    try {
      d.login(
          account.get(),
          new RightsView(policy.views().open(account.get()), account.get().rights()));
    } catch (IOException e) {
      System.getLogger("islet.ftp")
          .log(
              System.Logger.Level.ERROR,
              "service=ftp user=" + account.get().name() + " the home cannot be opened",
              e);
      refuse(d, FtpEvent.Why.HOME, "Your home cannot be opened; tell the operator.");
      return;
    }
    d.tell(new FtpEvent.LoggedIn(d.peer()));
    d.reply(230, "Welcome.");
  }

  private static void refuse(Dialog d, FtpEvent.Why why, String text) {
    d.tell(new FtpEvent.LoginRefused(d.peer(), cut(d.name), why));
    d.failures++;
    d.reply(530, text);
    if (d.failures >= d.policy.tries()) {
      d.reply(421, "Too many failed logins.");
      d.hands.end();
    }
  }

  private static String cut(String name) {
    return name.substring(0, Math.min(64, name.length()));
  }

  private static String cutPassword(String password) {
    return password.substring(0, Math.min(1024, password.length()));
  }

  private static void auth(Dialog d, String mechanism) {
    if (d.policy.tls() == TlsMode.OFF) {
      d.reply(502, "TLS is not offered here.");
    } else if (d.hands.secure()) {
      d.reply(503, "The connection is protected already.");
    } else {
      switch (mechanism.strip().toUpperCase(Locale.ROOT)) {
        case "TLS", "TLS-C", "SSL" -> {
          // Nothing said in the clear counts any longer (RFC 4217 section 4).
          d.logout();
          d.protectData = false;
          d.bufferAgreed = false;
          var reply = Reply.of(234, "Begin TLS now.");
          if (d.hands.protect(reply)) {
            d.seen(reply);
          }
        }
        case "" -> d.reply(501, "AUTH needs a mechanism: TLS.");
        default -> d.reply(504, "The only mechanism is TLS.");
      }
    }
  }

  private static void pbsz(Dialog d, String size) {
    if (!d.hands.secure()) {
      d.reply(503, "AUTH TLS comes first.");
    } else if (!size.matches("\\d{1,10}")) {
      d.reply(501, "PBSZ needs a number; 0 for TLS.");
    } else {
      d.bufferAgreed = true;
      // TLS cuts records itself: the size is always 0 (RFC 4217 section 8).
      d.reply(200, size.matches("0+") ? "PBSZ=0" : "PBSZ=0 is what TLS needs.");
    }
  }

  private static void prot(Dialog d, String level) {
    if (!d.hands.secure()) {
      d.reply(503, "AUTH TLS comes first.");
    } else if (!d.bufferAgreed) {
      d.reply(503, "PBSZ comes first.");
    } else {
      switch (level.strip().toUpperCase(Locale.ROOT)) {
        case "P" -> {
          d.protectData = true;
          d.reply(200, "Data will be protected.");
        }
        case "C" -> {
          if (d.tlsRequired()) {
            d.reply(534, "Data in the clear is not allowed here.");
          } else {
            d.protectData = false;
            d.reply(200, "Data will go in the clear.");
          }
        }
        case "S", "E" -> d.reply(536, "TLS knows only C and P.");
        default -> d.reply(504, "PROT needs C or P.");
      }
    }
  }
}
