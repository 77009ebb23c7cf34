package dev.islet.launcher;

import dev.islet.core.admin.AdminConfig;
import dev.islet.core.config.HostPort;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** Talks to the admin endpoint of one running service. */
final class AdminClient {
  /**
   * What came back.
   *
   * @param status HTTP status
   * @param body as text
   */
  record Answer(int status, String body) {}

  private final String service;
  private final InetSocketAddress address;
  private final Optional<String> token;

  /** For the endpoint that a configuration file names; the token is that of the data folder. */
  AdminClient(String service, AdminConfig config, Path data) {
    this.service = service;
    this.address = config.listen();
    this.token = config.token().or(() -> kept(data));
  }

  private static Optional<String> kept(Path data) {
    try {
      return Optional.of(Files.readString(data.resolve("admin.token")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A request with a short answer; empty when nobody listens. */
  Optional<Answer> ask(String method, String path) {
    try {
      var connection = open(method, path);
      int status = connection.getResponseCode();
      try (var in = status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
        var body =
            in == null
                ? ""
                : new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return Optional.of(new Answer(status, body.strip()));
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** An answer that goes on; the reader is given its bytes. */
  <T> T stream(String path, Function<InputStream, T> reader) {
    try {
      var connection = open("GET", path);
      if (connection.getResponseCode() != 200) {
        throw new UnreachableException(
            service
                + " refused "
                + path
                + " with status "
                + connection.getResponseCode()
                + tokenHint());
      }
      try (var in = connection.getInputStream()) {
        return reader.apply(in);
      }
    } catch (IOException e) {
      throw new UnreachableException(
          service + " does not answer on " + address + ": is it running? Try ./islet status");
    }
  }

  String tokenHint() {
    return token.isPresent()
        ? ""
        : "; no admin.token in the data folder: name the folder with --data";
  }

  private HttpURLConnection open(String method, String path) throws IOException {
    var url = URI.create("http://" + HostPort.format(address) + path).toURL();
    var connection = (HttpURLConnection) url.openConnection();
    connection.setRequestMethod(method);
    connection.setConnectTimeout(2_000);
    token.ifPresent(t -> connection.setRequestProperty("Authorization", "Bearer " + t));
    return connection;
  }
}
