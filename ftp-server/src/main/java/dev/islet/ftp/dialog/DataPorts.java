package dev.islet.ftp.dialog;

import dev.islet.ftp.model.FtpEvent;
import dev.islet.ftp.wire.DataAddress;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Map;

/**
 * Where the data connection goes: RFC 959 section 4.1.2, RFC 2428, with the limits of RFC 2577: we
 * connect to nobody but the client itself, and to no port below 1024.
 */
final class DataPorts {
  private DataPorts() {}

  static void add(Map<String, Verbs.Verb> table) {
    Verbs.user(table, "PASV", (d, a) -> pasv(d));
    Verbs.user(table, "EPSV", DataPorts::epsv);
    Verbs.user(table, "PORT", DataPorts::port);
    Verbs.user(table, "EPRT", DataPorts::eprt);
  }

  private static boolean extendedOnly(Dialog d, String verb) {
    if (d.extendedOnly) {
      d.reply(503, verb + " is not possible after EPSV ALL.");
    }
    return d.extendedOnly;
  }

  private static void pasv(Dialog d) {
    if (extendedOnly(d, "PASV")) {
      return;
    }
    try {
      var bound = d.hands.listen();
      var address = d.hands.advertised(bound.getAddress());
      if (address instanceof Inet4Address) {
        d.reply(227, DataAddress.pasv(address, bound.getPort()));
      } else {
        d.hands.drop();
        d.reply(425, "PASV knows no IPv6; use EPSV.");
      }
    } catch (Hands.DataFailure e) {
      noPort(d, e);
    }
  }

  private static void noPort(Dialog d, Hands.DataFailure e) {
    d.tell(
        new FtpEvent.DataRefused(
            d.peer(), d.client().getHostAddress(), String.valueOf(e.getMessage())));
    d.reply(425, "No port is free; try again soon.");
  }

  private static void epsv(Dialog d, String argument) {
    switch (argument.strip().toUpperCase(Locale.ROOT)) {
      case "ALL" -> {
        d.extendedOnly = true;
        d.hands.drop();
        d.reply(200, "Only EPSV from now on.");
      }
      case "", "1", "2" -> {
        boolean four = d.client() instanceof Inet4Address;
        if (!argument.isBlank() && argument.strip().equals("1") != four) {
          d.reply(522, "Network protocol not supported, use (" + (four ? 1 : 2) + ")");
          return;
        }
        try {
          d.reply(229, DataAddress.epsv(d.hands.listen().getPort()));
        } catch (Hands.DataFailure e) {
          noPort(d, e);
        }
      }
      default -> {
        if (argument.strip().matches("\\d{1,9}")) {
          d.reply(522, "Network protocol not supported, use (1,2)");
        } else {
          d.reply(501, "EPSV needs nothing, 1, 2 or ALL.");
        }
      }
    }
  }

  private static void port(Dialog d, String argument) {
    if (extendedOnly(d, "PORT")) {
      return;
    }
    var address = DataAddress.port(argument);
    if (address.isEmpty()) {
      d.reply(501, "PORT needs h1,h2,h3,h4,p1,p2.");
    } else {
      dial(d, address.get());
    }
  }

  private static void eprt(Dialog d, String argument) {
    if (extendedOnly(d, "EPRT")) {
      return;
    }
    switch (DataAddress.eprt(argument)) {
      case DataAddress.Extended.At(var address) -> dial(d, address);
      case DataAddress.Extended.OtherFamily() ->
          d.reply(522, "Network protocol not supported, use (1,2)");
      case DataAddress.Extended.Malformed() -> d.reply(501, "EPRT needs |1|address|port|.");
    }
  }

  private static void dial(Dialog d, InetSocketAddress address) {
    var why =
        !address.getAddress().equals(d.client())
            ? "not the client's own address"
            : address.getPort() < 1024 ? "a port below 1024" : "";
    if (why.isEmpty()) {
      d.hands.dial(address);
      d.reply(200, "Ready to connect to you.");
    } else {
      d.hands.drop();
      d.tell(
          new FtpEvent.DataRefused(
              d.peer(), address.getAddress().getHostAddress() + ":" + address.getPort(), why));
      d.reply(504, "Refused: " + why + " (RFC 2577).");
    }
  }
}
