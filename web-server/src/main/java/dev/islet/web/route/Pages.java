package dev.islet.web.route;

import java.util.Map;

/** The few pages the server writes itself: plain, readable by everybody, without scripts. */
public final class Pages {
  /** What such a page may load: its own style and nothing else. */
  public static final String POLICY =
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<Integer, String> PHRASES =
      Map.ofEntries(
          Map.entry(200, "OK"),
          Map.entry(204, "No content"),
          Map.entry(206, "Partial content"),
          Map.entry(301, "Moved permanently"),
          Map.entry(302, "Found"),
          Map.entry(303, "See other"),
          Map.entry(304, "Not modified"),
          Map.entry(307, "Temporary redirect"),
          Map.entry(308, "Permanent redirect"),
          Map.entry(400, "Bad request"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not found"),
          Map.entry(405, "Method not allowed"),
          Map.entry(408, "Request time-out"),
          Map.entry(412, "Precondition failed"),
          Map.entry(413, "Content too large"),
          Map.entry(414, "URI too long"),
          Map.entry(416, "Range not satisfiable"),
          Map.entry(417, "Expectation failed"),
          Map.entry(421, "Misdirected request"),
          Map.entry(429, "Too many requests"),
          Map.entry(431, "Header fields too large"),
          Map.entry(500, "Internal server error"),
          Map.entry(501, "Not implemented"),
          Map.entry(502, "Bad gateway"),
          Map.entry(503, "Service unavailable"),
          Map.entry(504, "Gateway time-out"),
          Map.entry(505, "Version not supported"));

  private static final String STYLE =
      """
      :root{color-scheme:light dark}
      body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
      table{border-collapse:collapse;width:100%}
      caption{text-align:left;padding:.3rem 0}
      th,td{text-align:left;padding:.3rem .8rem .3rem 0;border-bottom:1px solid #8888;font-weight:400;
      overflow-wrap:anywhere}
      thead th{font-weight:600}
      .n{text-align:right;white-space:nowrap}
      a:focus-visible{outline:3px solid}
      """;

  private Pages() {}

  /** What a status means, in words. */
  public static String phrase(int status) {
    return PHRASES.getOrDefault(status, "Status " + status);
  }

  /** A page that tells an error. */
  public static String error(int status, String detail) {
    var title = status + " " + phrase(status);
    return page(title, "<h1>" + title + "</h1>\n<p>" + escape(detail) + "</p>\n");
  }

  static String page(String title, String body) {
    return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>"
        + title
        + "</title>\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<style>\n"
        + STYLE
        + "</style></head>\n<body><main>\n"
        + body
        + "</main></body>\n</html>\n";
  }

  /** Text that stands for itself in HTML. */
  public static String escape(String text) {
    var out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }
}
