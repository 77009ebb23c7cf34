package dev.islet.monitor.transport;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends one short mail by SMTP (RFC 5321): in the clear to a server on this machine or in the
 * house, with STARTTLS (RFC 3207) where the server offers it, or over TLS from the first byte
 * ({@code smtps}, RFC 8314). A password is never sent without TLS.
 */
final class Mail {
  private static final int PATIENCE_MILLIS = 15_000;

  private final URI server;
  private final String from;
  private final String to;
  private final Optional<String> user;
  private final Optional<String> password;

  /**
   * @param server {@code smtp://host:25} or {@code smtps://host:465}
   */
  Mail(URI server, String from, String to, Optional<String> user, Optional<String> password) {
    this.server = server;
    this.from = from;
    this.to = to;
    this.user = user;
    this.password = password;
  }

  /** Sends it, or throws with what the server said. */
  void send(String subject, String text) throws IOException {
    boolean tls = server.getScheme().equals("smtps");
    int port = server.getPort() > 0 ? server.getPort() : tls ? 465 : 25;
    try (var plain = new Socket()) {
      plain.setSoTimeout(PATIENCE_MILLIS);
      plain.connect(new InetSocketAddress(server.getHost(), port), PATIENCE_MILLIS);
      var talk = new Talk(tls ? secured(plain, port) : plain);
      talk.expect(220, "the greeting");
      var offers = talk.ask("EHLO " + name(), 250);
      if (!tls && offers.contains("STARTTLS")) {
        talk.ask("STARTTLS", 220);
        talk = new Talk(secured(plain, port));
        offers = talk.ask("EHLO " + name(), 250);
        tls = true;
      }
      if (user.isPresent()) {
        if (!tls) {
          throw new IOException("the server offers no TLS, and a password is not sent without");
        }
        var secret = "\0" + user.get() + "\0" + password.orElse("");
        talk.ask(
            "AUTH PLAIN "
                + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)),
            235);
      }
      talk.ask("MAIL FROM:<" + from + ">", 250);
      talk.ask("RCPT TO:<" + to + ">", 250);
      talk.ask("DATA", 354);
      talk.ask(message(subject, text) + "\r\n.", 250);
      talk.ask("QUIT", 221);
    }
  }

  private Socket secured(Socket plain, int port) throws IOException {
    var factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
    var secured =
        (javax.net.ssl.SSLSocket) factory.createSocket(plain, server.getHost(), port, true);
    var parameters = secured.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS"); // the certificate must be of this host
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  private String message(String subject, String text) {
    var date = DateTimeFormatter.RFC_1123_DATE_TIME.format(ZonedDateTime.now());
    var encoded = Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    return "From: <"
        + from
        + ">\r\nTo: <"
        + to
        + ">\r\nDate: "
        + date
        + "\r\nMessage-ID: <"
        + UUID.randomUUID()
        + "@islet>"
        + "\r\nSubject: =?UTF-8?B?"
        + Base64.getEncoder().encodeToString(subject.getBytes(StandardCharsets.UTF_8))
        + "?="
        + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
        + "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + encoded;
  }

  /** An address literal, since a board in a house has no name that a mail server would know. */
  private static String name() throws IOException {
    return "[" + InetAddress.getLoopbackAddress().getHostAddress() + "]";
  }

  /** Commands and replies (RFC 5321 section 4.2). */
  private static final class Talk {
    private final BufferedReader in;
    private final OutputStream out;

    Talk(Socket socket) throws IOException {
      in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      out = socket.getOutputStream();
    }

    String ask(String command, int wanted) throws IOException {
      out.write((command + "\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
      var verb = command.length() > 4 ? command.substring(0, 4) : command;
      return expect(wanted, verb.matches("[A-Z]{4}") ? verb : "the message");
    }

    String expect(int wanted, String what) throws IOException {
      var all = new StringBuilder();
      while (true) {
        var line = in.readLine();
        if (line == null) {
          throw new IOException("the server closed the connection after " + what);
        }
        all.append(line.toUpperCase(Locale.ROOT)).append('\n');
        if (all.length() > 1 << 16) {
          throw new IOException("the server answers " + what + " without an end");
        }
        if (line.length() < 4 || line.charAt(3) != '-') {
          if (!line.startsWith(String.valueOf(wanted))) {
            throw new IOException("the server answers " + what + " with: " + line);
          }
          return all.toString();
        }
      }
    }
  }
}
