package dev.islet.web.model;

import java.nio.charset.StandardCharsets;

/**
 * What a handler answers. Content length, date and connection handling are the server's business.
 *
 * @param status from 200 to 599
 * @param headers the fields to send
 * @param body the content; not copied, do not change it afterwards
 */
public record Reply(int status, Headers headers, byte[] body) {
  private static final byte[] NOTHING = {};

  public Reply {
    if (status < 200 || status > 599) {
      throw new IllegalArgumentException(status + " is not a final status from 200 to 599");
    }
  }

  /** 200 with UTF-8 text. */
  public static Reply text(String text) {
    return bytes("text/plain; charset=utf-8", text.getBytes(StandardCharsets.UTF_8));
  }

  /** 200 with an HTML page in UTF-8. */
  public static Reply html(String page) {
    return bytes("text/html; charset=utf-8", page.getBytes(StandardCharsets.UTF_8));
  }

  /** 200 with JSON text. */
  public static Reply json(String json) {
    return bytes("application/json", json.getBytes(StandardCharsets.UTF_8));
  }

  /** 200 with content of a media type. */
  public static Reply bytes(String type, byte[] content) {
    return new Reply(200, Headers.of("Content-Type", type), content);
  }

  /** A status without content. */
  public static Reply of(int status) {
    return new Reply(status, Headers.NONE, NOTHING);
  }

  /** 303: look there with GET. */
  public static Reply seeOther(String location) {
    return of(303).with("Location", location);
  }

  /** 404 with a line of text. */
  public static Reply notFound() {
    return text("There is nothing here.\n").status(404);
  }

  /** The same with another status. */
  public Reply status(int other) {
    return new Reply(other, headers, body);
  }

  /** The same with one header set. */
  public Reply with(String name, String value) {
    return new Reply(status, headers.with(name, value), body);
  }
}
